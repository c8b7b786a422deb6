"""One stay of an avatar in a room: join, publish, speak, leave nothing behind."""

import asyncio
from collections.abc import Coroutine

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from mockvendors import limits
from mockvendors.avatar.camera import Camera
from mockvendors.avatar.door import Joining, check_may_publish, disconnect, join
from mockvendors.avatar.ending import Ending
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.place import Place
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatar.publications import Publications
from mockvendors.avatar.speech import Speech
from mockvendors.avatar.tracks import audio_options, video_options
from mockvendors.avatar.watch import Watch


class Stay:
    """Everything that lives exactly as long as one visit to the room."""

    def __init__(self, plan: AvatarPlan, log: AvatarLog, ending: Ending) -> None:
        self._plan = plan
        self._behaviour = plan.behaviour
        self._log = log
        self._ending = ending
        self._room = rtc.Room()
        self._publications = Publications(self._room)
        self._watch = Watch(plan, self._room, ending, log)
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> str:
        """Live in the room until something ends it, and return the reason."""
        place = Place(self._plan.url, self._plan.token)
        try:
            if not await self._ending.comes_after(place.take()):
                return self._ending.reason or "stopped"
            if not place.taken:
                self._log.add("place_not_free", cause="an avatar of the same identity still publishes")
            return await self._visit(place)
        finally:
            place.free()

    async def _visit(self, place: Place) -> str:
        joining = await self._begin()
        try:
            outside = await self._join(joining)
            if outside is not None:
                return outside
            self._spawn(self._publish(place), "avatar-publish")
            reason = await self._ending.wait() or "stopped"
            self._log.add("left", reason=reason)
            return reason
        finally:
            await asyncio.shield(self._close(joining))

    async def _begin(self) -> Joining:
        """Begin to join, and make ready what the room needs meanwhile; who fails at that, or is cancelled, leaves again."""
        joining = join(self._room, self._plan.url, self._plan.token)
        try:
            await asyncio.sleep(0)  # the join is on its way while the picture is drawn
            self._speech = Speech(self._plan, self._room, self._log, self._ending, self._watch)
            self._camera = Camera(self._plan, self._speech.voice.lips, self._log.began) if self._behaviour.video else None
        except BaseException:
            await asyncio.shield(disconnect(self._room, joining))
            raise
        self._watch.listen()
        return joining

    async def _join(self, joining: Joining) -> str | None:
        """Wait until the avatar is in the room: None; else return why it never will be."""
        ended = asyncio.create_task(self._ending.wait(limits.scaled(limits.AVATAR_CONNECT)), name="avatar-join-limit")
        try:
            await asyncio.wait({joining, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
        if not joining.done() and self._ending.reason is not None:
            return self._ending.reason
        cause = joining.result() if joining.done() else "no answer from the room server"
        if cause is not None:
            self._log.add("join_failed", cause=cause, url=self._plan.url)
            return "join_failed"
        self._speech.take_interrupts()
        identity, speaker = self._room.local_participant.identity, self._speech.speaker
        self._log.add("joined", identity=identity, room=self._room.name, speaker=speaker)
        self._watch.start(speaker)
        return None

    async def _publish(self, place: Place) -> None:
        """Publish as the plan says, and let the next one come; end the stay if the room does not let us."""
        try:
            check_may_publish(self._room)
            await self._publish_tracks()
        except PublishTrackError as error:
            self._log.add("publish_failed", cause=error.message)
            self._ending.set("publish_failed")
        place.free()

    async def _publish_tracks(self) -> None:
        """Publish both tracks at once; frames flow already, so that the first is as early as can be."""
        self._spawn(self._speech.voice.run(), "avatar-voice")
        self._spawn(self._speech.reports.run(), "avatar-reports")
        publications = [self._publish_voice()]
        if self._behaviour.leave_before_video:
            await publications[0]
            self._watch.leave_soon()
            return
        if self._camera is not None:
            self._spawn(self._camera.run(), "avatar-camera")
            publications.append(self._publish_video(self._camera))
        await asyncio.gather(*publications)

    async def _publish_voice(self) -> None:
        track = rtc.LocalAudioTrack.create_audio_track("avatar_audio", self._speech.voice.source)
        await self._publications.publish(track, audio_options())
        self._log.add("published_voice", rate=self._plan.voice_rate)

    async def _publish_video(self, camera: Camera) -> None:
        width, height = self._plan.size
        track = rtc.LocalVideoTrack.create_video_track("avatar_video", camera.source)
        options = video_options(width, height, self._plan.fps, simulcast=self._behaviour.simulcast)
        await self._publications.publish(track, options)
        self._log.add("published", width=width, height=height, simulcast=self._behaviour.simulcast)

    def _spawn(self, work: Coroutine[object, object, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: "asyncio.Task[None]") -> None:
        """Turn a failure of ours into the end of the stay; while the room goes away failures are its echo."""
        if task.cancelled() or task.exception() is None or self._ending.reason is not None:
            return
        self._log.crash(task.get_name(), task.exception())
        self._ending.set("crashed")

    async def _close(self, joining: Joining) -> None:
        """End every task, then what it left to the native library, then the room, then the sources."""
        self._watch.close()
        for task in self._tasks:
            task.cancel()
        await self._speech.ears.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not await self._publications.settled():
            self._log.add("close_failed", cause="a track was not published in time")
        left = await disconnect(self._room, joining)
        if not left:
            self._log.add("close_failed", cause="the room did not let go in time")
        await self._speech.voice.source.aclose()
        if self._camera is not None:
            await self._camera.source.aclose()
