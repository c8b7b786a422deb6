"""Follows a room's events: who comes and goes, and one reading task for each subscribed track."""

import asyncio
from collections.abc import Callable
from typing import Any

from livekit import rtc

from mockvendors.room.watched import Watched


class Subscriptions:
    """Keeps `watched` up to date; `changed` is called after every event."""

    def __init__(self, room: rtc.Room, watched: dict[str, Watched], changed: Callable[[], None]) -> None:
        self._room = room
        self._watched = watched
        self._changed = changed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closed = False
        room.on("participant_connected", self._on_came)
        room.on("participant_disconnected", self._on_gone)
        room.on("participant_attributes_changed", self._on_attributes)
        room.on("track_published", self._on_published)
        room.on("track_subscribed", self._on_subscribed)
        room.on("track_unsubscribed", self._on_unsubscribed)
        room.on("disconnected", self._on_disconnected)

    def take_present(self) -> None:
        """Note those who were in the room before us."""
        for participant in self._room.remote_participants.values():
            self._on_came(participant)
            for publication in participant.track_publications.values():
                self._on_published(publication, participant)

    async def close(self) -> None:
        """End all reading."""
        self._closed = True  # a track that is subscribed only now has no reader any more
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    def _on_came(self, participant: rtc.RemoteParticipant) -> None:
        watched = self._watched.get(participant.identity)
        if watched is None:
            watched = self._watched[participant.identity] = Watched(participant, self._changed)
        if not watched.present:
            watched.came(participant)
        self._changed()

    def _on_gone(self, participant: rtc.RemoteParticipant) -> None:
        watched = self._watched.get(participant.identity)
        if watched is not None:
            watched.went()
        self._changed()

    def _on_attributes(self, _attributes: dict[str, str], _participant: rtc.Participant) -> None:
        self._changed()

    def _on_published(self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant) -> None:
        self._on_came(participant)
        self._watched[participant.identity].published(publication)
        self._changed()

    def _on_subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        self._on_came(participant)
        if self._closed:
            return
        watched = self._watched[participant.identity]
        video = track.kind == rtc.TrackKind.KIND_VIDEO
        work = watched.watch(track) if video else watched.listen(track)
        self._tasks[publication.sid] = asyncio.create_task(work, name=f"probe-{participant.identity}-{publication.sid}")
        self._changed()

    def _on_unsubscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, _participant: rtc.RemoteParticipant
    ) -> None:
        task = self._tasks.get(publication.sid)
        if task is not None:
            task.cancel()  # the stream of an ended track never ends by itself
        _let_go(track)
        self._changed()

    def _on_disconnected(self, _reason: object) -> None:
        for watched in self._watched.values():
            watched.went()
        self._changed()


def _let_go(track: rtc.Track) -> None:
    """Keep `livekit` from releasing the track a second time: it did so itself when it ended the subscription.

    The second release fails an assertion in a finalizer now and then, which pytest reports as an error of a bystander.
    """
    handle: Any = getattr(track, "_ffi_handle", None)
    if hasattr(handle, "mark_consumed"):
        handle.mark_consumed()
    elif hasattr(handle, "_disposed"):  # livekit before 1.1.20 or so
        handle._disposed = True  # noqa: SLF001  # what mark_consumed does
