"""Payments to tell a payer of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from sandbox.channels.catalog import read_templates
from sandbox.channels.failures import PROVIDERS
from sandbox.channels.templates import MessageTemplates, template_name
from sandbox.domain.events import Channel, Event
from sandbox.domain.messages import Message, MessageStatus, MessageStep
from sandbox.domain.operations import Operation
from sandbox.domain.states import ChildState, State
from sandbox.domain.transactions import (
    ChildTransaction,
    PaymentTerms,
    PaymentTransaction,
    TransactionType,
)

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
SESSION_ID: Final = "0123456789" * 4
EVERYTHING: Final = tuple((channel, frozenset(Event)) for channel in Channel)
SPECS: Final = Path(__file__).parents[3] / "specs" / "templates"


def shipped_files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in SPECS.glob("*.yaml")}


def shipped_templates() -> MessageTemplates:
    return read_templates(shipped_files())


def terms(
    *,
    notifications: tuple[tuple[Channel, frozenset[Event]], ...] = EVERYTHING,
    kind: TransactionType = TransactionType.PAYMENT_REQUEST,
    email: str | None = "payer@example.com",
    phone: str | None = "+96550000000",
    copies: tuple[str, ...] = (),
    order_no: str | None = "ORD-1",
) -> PaymentTerms:
    return PaymentTerms(
        type=kind,
        amount=Decimal(10),
        currency_code="KWD",
        gateway_codes=("knet",),
        order_no=order_no,
        customer_email=email,
        customer_phone=phone,
        email_recipients=copies,
        notifications=notifications,
    )


def payment(agreed: PaymentTerms | None = None, *events: Event) -> PaymentTransaction:
    return PaymentTransaction(
        session_id=SESSION_ID,
        reference_number="SBX7Q2K9M1D",
        terms=agreed or terms(),
        state=State.CREATED,
        created_at=NOON,
        expires_at=NOON + timedelta(hours=24),
        origin="http://127.0.0.1:8686",
        events=events or (Event.CREATED,),
    )


def refunded(paid: PaymentTransaction, amount: str) -> PaymentTransaction:
    return paid.with_child(
        ChildTransaction(
            session_id="f" * 40,
            operation=Operation.REFUND,
            state=ChildState.REFUNDED,
            amount=Decimal(amount),
            reference_number="SBXREFUND01",
            gateway="knet",
            at=NOON,
        )
    )


def message(
    channel: Channel,
    event: Event | None,
    language: str = "en",
    *,
    of: PaymentTransaction | None = None,
    amount: str = "",
) -> Message:
    return Message(
        id="m1",
        session_id=SESSION_ID,
        order_no="ORD-1",
        channel=channel,
        to="payer@example.com",
        event=event,
        template=template_name(channel, event or Event.CREATED, language),
        language=language,
        provider=PROVIDERS[channel],
        at=NOON,
        history=(MessageStep(at=NOON, status=MessageStatus.QUEUED),),
        amount=amount,
        payment=of or payment(),
    )


def message_as_given(subject: str, text: str) -> Message:
    return replace(message(Channel.EMAIL, None), payment=None, subject=subject, text=text)
