"""The sessions of one tenant: those that run, and the last that have ended."""

from collections import deque

from mockvendors.session import Session

SESSIONS_KEPT = 200
"""Sessions that have ended, of one tenant: people and calls look back at a few, and the log of an hour of speech has 100 kB."""


class Sessions(dict[str, Session]):
    """By id, oldest first. Of those that have ended only the newest stay; one that runs is never dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._over: deque[str] = deque()

    def ended(self, session: Session) -> None:
        """Hear that a session has ended, and drop the one that ended longest ago where there are too many."""
        self._over.append(session.id)
        if len(self._over) > SESSIONS_KEPT:
            self.pop(self._over.popleft(), None)  # it may have been deleted by a call
