"""What the engine cannot answer in the domain's own terms; one meaning a class."""

from datetime import timedelta

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


class CannotPrice(SandboxError):
    """The payment cannot be paid in this currency, or with this fee."""


class WalletCannotPay(SandboxError):
    """The payer's wallet cannot pay what is asked of it."""


class TooManyCalls(SandboxError):
    """More calls came than a limit allows; `retry_after` is of the workspace's clock."""

    def __init__(self, reason: str, retry_after: timedelta) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class CardNotSavable(SandboxError):
    """The payer's card cannot be saved."""


class UnknownCard(SandboxError):
    """The customer has no saved card with this token."""


class NotUpdatable(SandboxError):
    """A completed payment cannot be changed."""

    def __init__(self, state: str) -> None:
        super().__init__(f"A payment that is {state} cannot be changed any more.")
        self.state = state


class InvoiceIsImmutable(SandboxError):
    """This payment collects an invoice, and an invoice is immutable: issue another one."""


class UnknownInvoice(SandboxError):
    """No invoice is collected by this payment."""


class MalformedReportToken(SandboxError):
    """The download token of a report is a UUID; this is none."""


class UnknownReport(SandboxError):
    """No report has this download token."""


class NotOwnReport(SandboxError):
    """The download token of a report is for the user who listed it."""


class ReportLinkExpired(SandboxError):
    """The download token has expired: it lives 24 hours. List the reports again for a new one."""


class NothingToTrigger(SandboxError):
    """The transaction has nothing to which this event could happen."""


class NotHeld(SandboxError):
    """Only a held delivery can be released."""


class WorkspacesFull(SandboxError):
    """The table of workspaces is full."""
