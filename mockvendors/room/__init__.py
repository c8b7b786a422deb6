"""LiveKit rooms: a server, tokens, and the probe that watches."""
