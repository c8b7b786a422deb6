"""What mutants of a session's first utterance share: how it is known. No mutant itself."""

import reference


class Output(reference.Output):
    """Sends the frames of the first utterance as `first` has them."""

    begun = False

    def first(self, frame):
        raise NotImplementedError

    async def capture_frame(self, frame):
        await super().capture_frame(frame if self.begun else self.first(frame))

    def flush(self):
        self.begun = self.begun or self._stream_writer is not None
        super().flush()
