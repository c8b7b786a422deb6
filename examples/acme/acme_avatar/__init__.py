"""Acme's avatars in LiveKit Agents: one call with the API key, and a face joins the agent's room and speaks for it."""

import asyncio
import os
from typing import Any

import aiohttp
from livekit import api, rtc
from livekit.agents import AgentSession, APIConnectionError, APIError, APIStatusError, APITimeoutError, get_job_context
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from livekit.agents.voice.avatar import AvatarSession as BaseSession
from livekit.agents.voice.avatar import DataStreamAudioOutput

__all__ = ["AvatarSession", "__version__"]
__version__ = "0.1.0"

IDENTITY = "acme-face"
SPEECH_RATE = 16_000
LIVEKIT = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")


class Output(DataStreamAudioOutput):
    """The agent's voice on its way to the face."""

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """Wait anew for a face that left before its video and came back."""
        failed = self._start_atask is not None and self._start_atask.done() and not self._started
        if failed and self._destination_identity in self._room.remote_participants:
            self._start_atask = asyncio.create_task(self._start_task())
        await super().capture_frame(frame)


class AvatarSession(BaseSession):
    """One call of a face."""

    def __init__(
        self,
        *,
        face: str,
        mood: str | None = None,
        width: int | None = None,
        height: int | None = None,
        api_url: str | None = None,
        api_key: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> None:
        super().__init__()
        if (width is None) != (height is None):
            raise ValueError("a size is a width and a height")
        self._face, self._limits = face, conn_options
        self._wishes: dict[str, Any] = {} if mood is None else {"mood": mood}
        if width is not None:
            self._wishes["size"] = {"width": width, "height": height}
        self._address = (api_url or os.environ.get("ACME_API_URL") or "https://api.acme.example").rstrip("/")
        self._key = api_key or os.environ.get("ACME_API_KEY") or ""
        if not self._key:
            raise RuntimeError("there is no API key: give api_key or set ACME_API_KEY")
        self.session_id: str | None = None

    @property
    def avatar_identity(self) -> str:
        """See the base class."""
        return IDENTITY

    async def start(self, agent_session: AgentSession, room: rtc.Room) -> None:
        """Call the face, and let it speak for the agent."""
        self.session_id = (await self._ask({"face": self._face, "room": self._room_of_the_job(), **self._wishes})).get("call")
        await super().start(agent_session, room)
        agent_session.output.replace_audio_tail(
            Output(
                room,
                destination_identity=IDENTITY,
                sample_rate=SPEECH_RATE,
                wait_remote_track=rtc.TrackKind.KIND_VIDEO,
                wait_playback_start=True,
            )
        )

    def _room_of_the_job(self) -> dict[str, str]:
        job = get_job_context()  # a RuntimeError outside of a job
        if missing := [name for name in LIVEKIT if not os.environ.get(name)]:
            raise RuntimeError(f"LiveKit is not configured: set {', '.join(missing)}")
        url, key, secret = (os.environ[name] for name in LIVEKIT)
        token = api.AccessToken(key, secret).with_identity(IDENTITY).with_name("Acme Face").with_kind("agent")
        token = token.with_grants(api.VideoGrants(room_join=True, room=job.job.room.name))
        token = token.with_attributes({"lk.publish_on_behalf": job.local_participant_identity})
        return {"url": url, "token": token.to_jwt()}

    async def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        for left in range(self._limits.max_retry, -1, -1):
            try:
                return await self._try(body)
            except APIError as error:
                if not left or not error.retryable:
                    raise
                await asyncio.sleep(self._limits.retry_interval)
        raise AssertionError("the last try returns or raises")

    async def _try(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._limits.timeout)) as client,
                client.post(f"{self._address}/v1/calls", json=body, headers={"X-Api-Key": self._key}) as reply,
            ):
                if reply.status >= 400:  # noqa: PLR2004 - HTTP's own border
                    raise APIStatusError("Acme refused the call", status_code=reply.status, body=await reply.text())
                answer = await reply.json()
        except TimeoutError as error:
            raise APITimeoutError("Acme did not answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise APIConnectionError("Acme cannot be reached") from error
        except ValueError as error:
            raise APIError("Acme's answer is not JSON", retryable=False) from error
        if not isinstance(answer, dict):
            raise APIError("Acme's answer is no object", retryable=False)
        return answer
