"""The driver of LiveKit Agents avatar plugins: runs an unmodified plugin in a true job of a true `AgentServer`.

Protocol 1: one JSON object a line on stdin and stdout, free text on stderr (see docs/driver-protocol.md).
Runs in the plugin's own environment: standard library, livekit-agents and the plugin, nothing of mockvendors. Python 3.10+.

    python mockvendors/drivers/livekit_agents --plugin livekit.plugins.anam --description suites/anam/plugin.py

The description is a Python file with `capabilities(plugin) -> list[str]` and
`make(plugin, options, vendor, connection) -> AvatarSession`; what it looks up and calls on the `plugin` that it is given is
the plugin's own word when it fails. `make` itself may raise `NotImplementedError` for an option that it does not know.

    main thread                          a thread for each job (JobExecutorType.THREAD)
    stdin ── Driver.answer ──────────▶   Session: AgentSession, avatar, room
    stdout ◀── Channel.send ◀─────────   replies and events
"""
