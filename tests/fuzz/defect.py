"""What the fuzzer raises."""

ONCE = "seen once: sent again, the same requests were answered rightly; a race in the mock, or a clock or limit of this machine"


class Defect(AssertionError):
    """The mock does not obey the contract; `kind` says in which way."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.story: tuple[str, ...] = ()
        """The requests that lead there, as commands, the last of which was answered wrongly."""
        self.repeated = True
        """Whether the same requests were answered wrongly again."""

    def report(self) -> str:
        """Return all that is known of it, for a person."""
        once = [] if self.repeated else [ONCE]
        return "\n".join([str(self), *once, "the requests that lead there:", *(f"  {line}" for line in self.story)])
