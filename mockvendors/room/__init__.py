"""LiveKit rooms: a server, tokens, and the probe that watches."""

import warnings

# PyJWT warns of the secret of `livekit-server --dev`, which is not ours to lengthen, at every token made with it.
warnings.filterwarnings("ignore", message="The HMAC key is .* bytes long")
