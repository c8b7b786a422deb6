"""What the fuzzer raises."""


class Defect(AssertionError):
    """The mock does not obey the contract; `kind` says in which way."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.story: tuple[str, ...] = ()
        """The requests that lead there, as commands, the last of which was answered wrongly."""

    def report(self) -> str:
        """Return all that is known of it, for a person."""
        return "\n".join([str(self), "the requests that lead there:", *(f"  {line}" for line in self.story)])
