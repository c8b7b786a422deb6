"""A correct Anam avatar plugin for LiveKit Agents: every case of suites/anam must pass it.

Cut into small steps (size, persona, token, body, headers, ask, output, close), so that a mutant is a subclass of a few lines.
"""

import asyncio
import json
import os
from dataclasses import dataclass
from typing import Any

import aiohttp
from livekit import api, rtc
from livekit.agents import (
    AgentSession,
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    JobContext,
    get_job_context,
)
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from livekit.agents.voice.avatar import AvatarSession as BaseSession
from livekit.agents.voice.avatar import DataStreamAudioOutput

__all__ = ["CAPABILITIES", "AvatarSession", "DirectorNotes", "PersonaConfig", "SessionOptions", "__version__"]
__version__ = "1.8.9"

CAPABILITIES = {
    "call.one",
    "connection-options",
    "avatar-identity",
    "avatar-name",
    "avatar-model",
    "director-notes",
    "video-size",
    "disclosure",
    "wait-for-join",
    "playback-started",
}

ENGINE = "/v1/engine/session"
IDENTITY = "anam-avatar-agent"
SPEECH_RATE = 24_000
HARD_LIMITS = {"Concurrent session limit reached", "Spend cap reached"}
"""Causes of a 429 that waiting does not cure."""


@dataclass
class DirectorNotes:
    """How the avatar shall act; None leaves the vendor's default."""

    expressivity: float | None = None
    presetStyle: str | None = None  # noqa: N815  # the API's own name
    customStylePrompt: str | None = None  # noqa: N815  # as above


@dataclass
class PersonaConfig:
    """Who speaks."""

    name: str
    avatarId: str  # noqa: N815  # the API's own name
    avatarModel: str | None = None  # noqa: N815  # as above
    directorNotes: DirectorNotes | None = None  # noqa: N815  # as above


@dataclass
class SessionOptions:
    """What the picture is like; None leaves the vendor's default."""

    video_width: int | None = None
    video_height: int | None = None
    show_ai_avatar_disclosure: bool | None = None


def given(**fields: object) -> dict[str, Any]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


class Output(DataStreamAudioOutput):
    """The agent's voice on its way to the avatar."""

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """Wait anew for an avatar that left before its video and came back; else one failure is every later speech's."""
        failed = self._start_atask is not None and self._start_atask.done() and not self._started
        if failed and self._destination_identity in self._room.remote_participants:
            self._start_atask = asyncio.create_task(self._start_task())
        await super().capture_frame(frame)


class AvatarSession(BaseSession):
    """Starts an avatar with one call, and hands it the agent's speech."""

    output: type[Output] = Output

    def __init__(
        self,
        *,
        persona_config: PersonaConfig,
        api_url: str | None = None,
        api_key: str | None = None,
        session_options: SessionOptions | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        avatar_participant_identity: str | None = None,
        avatar_participant_name: str | None = None,
    ) -> None:
        super().__init__()
        self.wanted = persona_config
        self.picture = session_options or SessionOptions()
        self.limits = conn_options
        self.address = (api_url or os.environ.get("ANAM_API_URL") or "https://api.anam.ai").rstrip("/")
        self.key = self.bearer = self.find_key(api_key)
        self.path = ENGINE
        self.identity = avatar_participant_identity or IDENTITY
        self.shown_name = avatar_participant_name or IDENTITY
        self.session_id: str | None = None

    @property
    def avatar_identity(self) -> str:
        return self.identity

    @property
    def provider(self) -> str:
        return "anam"

    # what is missing is said at once

    def find_key(self, api_key: str | None) -> str:
        key = api_key or os.environ.get("ANAM_API_KEY")
        if not key:
            raise RuntimeError("there is no API key: give api_key or set ANAM_API_KEY")
        return key

    def livekit(self) -> tuple[str, str, str]:
        names = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
        if missing := [name for name in names if not os.environ.get(name)]:
            raise RuntimeError(f"LiveKit is not configured: set {', '.join(missing)}")
        url, key, secret = (os.environ[name] for name in names)
        return url, key, secret

    def job(self) -> JobContext:
        return get_job_context()  # raises RuntimeError outside of a job

    def check_size(self) -> None:
        if (self.picture.video_width is None) != (self.picture.video_height is None):
            raise ValueError("video_width and video_height come together or not at all")

    # what is sent

    def notes(self) -> dict[str, Any] | None:
        notes = self.wanted.directorNotes
        return (given(**vars(notes)) or None) if notes else None

    def persona(self) -> dict[str, Any]:
        return {
            "type": "ephemeral",
            "name": self.wanted.name,
            "avatarId": self.wanted.avatarId,
            "llmId": "CUSTOMER_CLIENT_V1",
            **given(avatarModel=self.wanted.avatarModel, directorNotes=self.notes()),
        }

    def options(self) -> dict[str, Any]:
        picture = self.picture
        return given(
            videoWidth=picture.video_width,
            videoHeight=picture.video_height,
            showAIAvatarDisclosure=picture.show_ai_avatar_disclosure,
        )

    def grants(self, job: JobContext) -> api.VideoGrants:
        return api.VideoGrants(
            room_join=True, room=job.job.room.name, can_publish=True, can_subscribe=True, can_publish_data=True
        )

    def token(self, job: JobContext, key: str, secret: str) -> api.AccessToken:
        return (
            api.AccessToken(key, secret)
            .with_identity(self.identity)
            .with_name(self.shown_name)
            .with_kind("agent")
            .with_grants(self.grants(job))
            .with_attributes({"lk.publish_on_behalf": job.local_participant_identity})
        )

    def environment(self, url: str, token: api.AccessToken) -> dict[str, Any]:
        return {"livekitUrl": url, "livekitToken": token.to_jwt()}

    def body(self) -> dict[str, Any]:
        job = self.job()
        url, key, secret = self.livekit()
        body = {"personaConfig": self.persona(), "environment": self.environment(url, self.token(job, key, secret))}
        return {**body, **({"sessionOptions": options} if (options := self.options()) else {})}

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}"}

    # one try, and when to try again

    def patience(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self.limits.timeout)

    async def request(self, body: dict[str, Any]) -> tuple[int, str, str]:
        """Return status, content type and text of the answer."""
        async with (
            aiohttp.ClientSession(timeout=self.patience()) as client,
            client.post(self.address + self.path, json=body, headers=self.headers()) as reply,
        ):
            return reply.status, reply.content_type, await reply.text()

    def answer(self, status: int, content_type: str, text: str) -> dict[str, Any]:
        """Return the answer's object, or raise what it means."""
        if status >= 400:  # HTTP's own border
            raise self.refusal(status, text)
        if content_type != "application/json":
            raise APIConnectionError(f"Anam answered {status} with the type {content_type}")
        return self.read(text)

    def refusal(self, status: int, text: str) -> Exception:
        return APIStatusError("Anam refused to start the avatar", status_code=status, body=text)

    def read(self, text: str) -> dict[str, Any]:
        try:
            answer = json.loads(text)
        except ValueError as exc:
            raise APIError("Anam's answer is not JSON", body=text, retryable=False) from exc
        if not isinstance(answer, dict):
            raise APIError("Anam's answer is no object", body=text, retryable=False)
        return answer

    async def attempt(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.answer(*await self.request(body))
        except TimeoutError as exc:
            raise APITimeoutError("Anam did not answer in time") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise APIConnectionError("Anam cannot be reached") from exc

    def worth_another_try(self, error: APIError) -> bool:
        return error.retryable and not any(cause in str(error.body) for cause in HARD_LIMITS)

    def retries(self) -> int:
        return self.limits.max_retry

    async def pause(self) -> None:
        await asyncio.sleep(self.limits.retry_interval)

    async def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        left = self.retries()
        while True:
            try:
                return await self.attempt(body)
            except APIError as error:
                if not left or not self.worth_another_try(error):
                    raise
            left -= 1
            await self.pause()

    # the agent's voice

    def make_output(self, room: rtc.Room) -> Output:
        return self.output(
            room,
            destination_identity=self.identity,
            sample_rate=SPEECH_RATE,
            wait_remote_track=rtc.TrackKind.KIND_VIDEO,
            wait_playback_start=True,
        )

    def install(self, agent_session: AgentSession, room: rtc.Room) -> None:
        agent_session.output.replace_audio_tail(self.make_output(room))

    async def begin(self, agent_session: AgentSession, room: rtc.Room) -> None:
        """Watch for the avatar, and be closed with the job."""
        await super().start(agent_session, room)

    async def start(self, agent_session: AgentSession, room: rtc.Room) -> None:
        self.check_size()
        body = self.body()
        try:
            answer = await self.ask(body)
        except APIConnectionError:
            await self.remove_stray(room)
            raise
        self.session_id = answer.get("sessionId")
        await self.begin(agent_session, room)
        self.install(agent_session, room)

    async def remove_stray(self, room: rtc.Room) -> None:
        """Remove the avatar of a start whose answer was lost."""
        self._room = room
        await self.aclose()
