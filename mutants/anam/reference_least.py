"""A correct plugin that offers the least: no option of any kind, and retries of its own. Each case for it must pass it."""

from dataclasses import dataclass

import reference
from livekit import rtc
from livekit.agents.types import APIConnectOptions

__version__ = "1.8.9"
CAPABILITIES = {"call.one"}
PATIENCE = APIConnectOptions(max_retry=2, retry_interval=0.05, timeout=5.0)
"""Of its own: other than the framework's, and than what the cases ask for."""


@dataclass
class PersonaConfig:
    name: str
    avatarId: str  # noqa: N815  # the API's own name


class AvatarSession(reference.AvatarSession):
    def __init__(self, *, persona_config, api_url=None, api_key=None):
        super().__init__(persona_config=persona_config, api_url=api_url, api_key=api_key, conn_options=PATIENCE)

    def persona(self):
        return {"type": "ephemeral", "name": self.wanted.name, "avatarId": self.wanted.avatarId, "llmId": "CUSTOMER_CLIENT_V1"}

    def make_output(self, room):
        return self.output(
            room,
            destination_identity=self.identity,
            sample_rate=reference.SPEECH_RATE,
            wait_remote_track=rtc.TrackKind.KIND_VIDEO,
        )
