"""What staff do to customers' wallets: book money in or out, suspend or close an account.

The first design has no such call; without it a wallet could be filled by refunds only.
"""

from http import HTTPStatus
from typing import Final

from sandbox.domain.money import ZERO, is_currency
from sandbox.domain.operations import Refused
from sandbox.domain.wallets import AccountStatus, Direction, EntryType
from sandbox.engine.wallet_book import Adjust
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.workspace_choice import workspace_of
from sandbox.web.platform.wallet import write_account

FIELDS: Final = frozenset({"customer_id", "currency", "amount", "direction", "status"})
_ADJUSTMENTS: Final = {
    Direction.CREDIT: EntryType.CREDIT_ADJUSTMENT,
    Direction.DEBIT: EntryType.DEBIT_ADJUSTMENT,
}


async def adjust_wallet(call: ControlCall) -> Answer:
    """Book an amount in a customer's wallet (201), open the account first, or change its status."""
    fields = call.fields
    for name in ("customer_id", "currency"):
        fields.required(name)
    currency = fields.text("currency") or ""
    if not is_currency(currency):
        raise fields.wrong("currency", "expected a code of ISO 4217, such as `KWD`.")
    amount = fields.amount("amount") or ZERO
    status = fields.choice("status", AccountStatus)
    if not amount and status is None:
        raise fields.wrong("amount", "without a `status`, it is required, and not zero.")
    adjust = Adjust(
        customer_id=fields.text("customer_id") or "",
        currency_code=currency,
        amount=amount,
        type=_ADJUSTMENTS[fields.choice("direction", Direction) or Direction.CREDIT],
        status=status,
    )
    workspace = workspace_of(call)
    services = call.services
    now = services.runner.now(workspace)
    changed = services.engine.adjust_wallet(workspace, adjust, now).result
    if isinstance(changed, Refused):
        raise fields.wrong(changed.field, changed.reason)
    return as_json(
        write_account(workspace, changed), HTTPStatus.CREATED if amount else HTTPStatus.OK
    )
