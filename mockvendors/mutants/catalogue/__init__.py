"""Generic wrong changes: each fits any correct avatar plugin for LiveKit Agents, because it wraps what all of them share.

A class is a mutant: its name in snake case is the mutant's, its docstring says what is wrong, `rule` which rule must catch it
(empty: the vendor's configuration names one of its own), `needs` which names the configuration has to give.

Runs in the plugin's environment, copied beside the mutants' files: standard library, livekit-agents and what that depends on,
nothing of mockvendors. Python 3.10+.

    Session   around the plugin's AvatarSession: start, aclose, wait_for_join, its arguments and its errors
    Voice     around the DataStreamAudioOutput that the plugin gives the agent
    Request   around each HTTP request of a start, where the plugin asks by aiohttp
    Token     around each join token of a start, where the plugin makes it by livekit.api
"""
