"""What the runner cannot do; one meaning a class."""

from sandbox.domain.errors import SandboxError


class AlreadyAdvancing(SandboxError):
    """The clock of this workspace is being advanced already."""


class TimeRunsForward(SandboxError):
    """A clock cannot be moved to an instant that has passed."""


class TooMuchDue(SandboxError):
    """More than 100,000 things fell due in one advance."""
