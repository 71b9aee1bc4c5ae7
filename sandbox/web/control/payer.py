"""Plays the payer: a try, what comes of it, and which page comes next.

Source: DESIGN (control API, pay; time), FACTS 8.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final

from sandbox.domain.cards import Expiry, NotAnExpiry
from sandbox.domain.deliveries import Delivery, DeliveryStatus
from sandbox.domain.states import AttemptState
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine import steering
from sandbox.engine.agenda import Task
from sandbox.engine.commands import PayerTry
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Outcome
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.fields import Fields
from sandbox.web.control.transaction_codec import write_attempt
from sandbox.web.control.workspace_choice import payment_of
from sandbox.web.next_page import NextPage, PageKind, next_page

FIELDS: Final = frozenset(
    {"outcome", "gateway", "card", "code", "message", "challenge", "wait", "advance", "use_wallet"}
    | {"save_card", "card_expiry", "currency", "fee"}
)
_SAID_OF_A_TRY: Final = FIELDS - {"challenge", "wait", "advance"}
_CHALLENGES: Final = {"passed": True, "failed": False}
_FEWEST_DIGITS: Final = 12
_MOST_DIGITS: Final = 19
# On a running clock; nobody's test waits longer for an answer.
_LONGEST_WAIT: Final = timedelta(minutes=5)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trying:
    """A try under way, and what had been there before it."""

    call: ControlCall
    workspace: Workspace
    session_id: str
    number: int
    epoch: int
    last_delivery: str | None

    @property
    def ended(self) -> bool:
        """Whether the attempt has ended, or nothing is left of it."""
        payment = self.workspace.transactions.get(self.session_id)
        if payment is None or self.workspace.epoch != self.epoch:
            return True
        return not any(
            each.number == self.number and each.state is AttemptState.PENDING
            for each in payment.attempts
        )

    @property
    def due(self) -> datetime | None:
        """When the attempt ends by itself; None where nothing is planned."""
        return next(
            (
                item.due
                for item in self.workspace.agenda
                if item.task is Task.END_ATTEMPT
                and item.session_id == self.session_id
                and item.number == self.number
            ),
            None,
        )

    def deliveries(self) -> list[Delivery]:
        """Return the payment's webhooks since the try began, oldest first."""
        begun_since = takewhile(
            lambda each: each.id != self.last_delivery, self.workspace.deliveries.newest_first()
        )
        return [each for each in begun_since if each.session_id == self.session_id][::-1]


async def pay(call: ControlCall) -> Answer:
    """Play the payer's next try, and wait for the first try of the webhook that decides the page."""
    workspace, payment = payment_of(call)
    payer = _read(call.fields)
    wait = call.fields.flag("wait", default=True)
    advance = call.fields.flag("advance", default=True)
    services = call.services
    newest = next(workspace.deliveries.newest_first(), None)
    now = services.runner.now(workspace)
    paid = services.engine.pay(workspace, payment.session_id, payer, now).result
    trying = _Trying(
        call=call,
        workspace=workspace,
        session_id=payment.session_id,
        number=paid.attempt.number,
        epoch=workspace.epoch,
        last_delivery=newest.id if newest else None,
    )
    if not trying.ended:
        await _let_end(trying, wait=wait, advance=advance)
    deliveries = trying.deliveries()
    deciding = next((each for each in deliveries if each.decides_page), None)
    if wait and deciding is not None and deciding.status is DeliveryStatus.WAITING:
        await services.runner.first_answer(workspace, deciding)
        deciding = workspace.deliveries.get(deciding.id) or deciding
    payment = workspace.transactions.get(payment.session_id, paid.payment)
    return as_json(
        {
            "session_id": payment.session_id,
            "state": payment.state.value,
            "attempt": write_attempt(
                next(
                    (each for each in payment.attempts if each.number == trying.number),
                    paid.attempt,
                )
            ),
            "next": _write_next(_next(payment, deciding, wait=wait)),
            "deliveries": [each.id for each in deliveries],
        }
    )


def _next(payment: PaymentTransaction, deciding: Delivery | None, *, wait: bool) -> NextPage:
    undecided = (
        deciding is not None
        and deciding.status is DeliveryStatus.WAITING
        and not any(each.answered for each in deciding.tries)
    )
    if undecided and not wait:
        return NextPage(kind=PageKind.NONE)
    return next_page(payment, deciding)


def _write_next(following: NextPage) -> dict[str, Any]:
    return {"kind": following.kind.value, "url": following.url}


async def _let_end(trying: _Trying, *, wait: bool, advance: bool) -> None:
    """Let an attempt whose step has `after` come to its end, where the call wants that."""
    due = trying.due
    if due is None:
        return
    runner = trying.call.services.runner
    workspace = trying.workspace
    if not workspace.clock.stopped:
        if wait:
            seconds = _LONGEST_WAIT.total_seconds()
            await trying.call.commits.until(workspace, lambda: trying.ended, seconds)
    elif runner.is_advancing(workspace):
        return  # the advance that is under way comes to the attempt's end by itself
    elif advance and wait:
        await runner.advance(workspace, due)
    elif advance:
        # The answer comes before the first try, so what falls due then is begun and not awaited.
        await runner.advance(workspace, due - _TICK)
        if workspace.epoch != trying.epoch:
            return  # reset meanwhile; its new clock is none of this call's business
        steering.set_clock(workspace, due, runner.real_now())
        while not trying.ended and runner.drain(workspace, 1):
            pass


def _read(fields: Fields) -> PayerTry:
    outcome = fields.choice("outcome", Outcome)
    challenge = _challenge(fields)
    if challenge is not None:
        for name in sorted(_SAID_OF_A_TRY & fields.values.keys()):
            if name in fields:
                raise fields.wrong(name, "a call that ends a 3-D Secure step says nothing else.")
    for name in ("code", "message"):
        if name in fields and outcome is None:
            raise fields.wrong(name, "it belongs to an `outcome`, which the call does not give.")
    use_wallet, wallet_amount = _wallet(fields)
    return PayerTry(
        outcome=outcome,
        gateway=fields.text("gateway"),
        card=_card(fields),
        gateway_code=fields.text("code"),
        message=fields.text("message"),
        challenge=challenge,
        save_card=fields.flag("save_card", default=False),
        expiry=_expiry(fields),
        use_wallet=use_wallet,
        wallet_amount=wallet_amount,
        currency=fields.text("currency"),
        fee=fields.amount("fee"),
    )


def _wallet(fields: Fields) -> tuple[bool, Decimal | None]:
    """Read `true` for as much as the customer's wallet has, or an amount."""
    value = fields.values.get("use_wallet")
    if value is None or isinstance(value, bool):
        return bool(value), None
    return True, fields.amount("use_wallet")


def _challenge(fields: Fields) -> bool | None:
    value = fields.values.get("challenge")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _CHALLENGES:
        return _CHALLENGES[value]
    raise fields.wrong("challenge", "expected `passed` or `failed`.")


def _expiry(fields: Fields) -> Expiry | None:
    text = fields.text("card_expiry")
    try:
        return None if text is None else Expiry.parse(text)
    except NotAnExpiry:
        raise fields.wrong("card_expiry", "expected a month such as `12/30`.") from None


def _card(fields: Fields) -> str | None:
    card = fields.text("card")
    if card is None:
        return None
    digits = card.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdecimal() and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return card
    raise fields.wrong(
        "card", f"expected a card number of {_FEWEST_DIGITS} to {_MOST_DIGITS} digits."
    )
