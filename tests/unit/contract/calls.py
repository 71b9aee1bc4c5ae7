"""Judge the body of a platform call, and say of the answer only what a test asks about."""

from typing import Any

from sandbox.contract.checking import Contract
from sandbox.contract.shapes import drf_errors
from sandbox.contract.violations import Checked
from sandbox.domain.settings import ValidationMode

CHECKOUT = "POST /b/checkout/v1/pymt-txn/"
UPDATE = "PATCH /b/checkout/v1/pymt-txn/{session_id}/"
OPERATION = "POST /b/pbl/v2/operation/"
RESEND = "POST /b/pbl/v2/message-notification/"
INQUIRY = "POST /b/pbl/v2/inquiry/"


def judge(
    contract: Contract,
    body: object,
    *,
    key: str = CHECKOUT,
    mode: ValidationMode = ValidationMode.COMPATIBLE,
    textual: bool = False,
    currency: str | None = None,
) -> Checked:
    """Judge a body as the web layer does."""
    return contract.check_body(
        contract.operations[key], body, mode=mode, textual=textual, currency=currency
    )


def errors(checked: Checked) -> dict[str, Any]:
    """Return the body of the 400 answer; empty where nothing is wrong."""
    return drf_errors(checked.violations)


def remarks(checked: Checked) -> list[tuple[str, str]]:
    """Return code and dotted place of each remark."""
    return [(one.code, ".".join(map(str, one.location))) for one in checked.remarks]
