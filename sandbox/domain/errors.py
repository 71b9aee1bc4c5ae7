"""What cannot be answered in the domain's own terms; one meaning a class."""


class SandboxError(Exception):
    """Something the sandbox cannot do; a subclass says what."""


class IllegalMove(SandboxError):
    """The platform has no such transition of state."""

    def __init__(self, state: str, cause: str) -> None:
        super().__init__(f"Nothing leads from `{state}` by `{cause}`.")
        self.state = state
        self.cause = cause
