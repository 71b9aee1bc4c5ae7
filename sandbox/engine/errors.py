"""What the engine cannot answer in the domain's own terms; one meaning a class."""

from sandbox.domain.errors import SandboxError


class UnknownSession(SandboxError):
    """No payment transaction has this session_id in this workspace."""


class UnknownOrder(SandboxError):
    """No payment transaction has this order_no in this workspace."""


class UnknownDelivery(SandboxError):
    """No webhook delivery has this id in this workspace."""


class UnknownMessage(SandboxError):
    """No message has this id in this workspace."""


class UnknownScenario(SandboxError):
    """No scenario has this name."""

    def __init__(self, name: str, nearest: str | None) -> None:
        meant = f" Did you mean `{nearest}`?" if nearest else ""
        super().__init__(f"No scenario is named `{name}`.{meant}")
        self.name = name
        self.nearest = nearest


class NotPayable(SandboxError):
    """A payment in this state takes no further try of the payer."""

    def __init__(self, state: str) -> None:
        super().__init__(f"A payment that is {state} takes no further try of the payer.")
        self.state = state


class GatewayNotOffered(SandboxError):
    """The payment's `pg_codes` lack this gateway."""

    def __init__(self, code: str, offered: tuple[str, ...]) -> None:
        super().__init__(f"The payment offers {', '.join(offered)}; not `{code}`.")


class NotUpdatable(SandboxError):
    """A completed payment cannot be changed."""

    def __init__(self, state: str) -> None:
        super().__init__(f"A payment that is {state} cannot be changed any more.")
        self.state = state


class NothingToTrigger(SandboxError):
    """The transaction has nothing to which this event could happen."""


class NotHeld(SandboxError):
    """Only a held delivery can be released."""


class WorkspacesFull(SandboxError):
    """The table of workspaces is full."""
