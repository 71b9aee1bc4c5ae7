"""The steps of a play as a person reads them."""

from collections.abc import Mapping

from sandbox.domain.durations import format_duration
from sandbox.scenarios.plays import (
    Advance,
    Checkout,
    Inquire,
    Operate,
    Pay,
    PlayStep,
    Receiver,
    Release,
    Resend,
    Trigger,
    Update,
)


def describe(step: PlayStep) -> str:
    """Return a step as a person reads it."""
    return f"{type(step).__name__.lower()} {_told(step)}".strip()


def shown(fields: Mapping[str, object]) -> str:
    """Return fields on one line."""
    return ", ".join(f"{name}: {value}" for name, value in fields.items())


def _told(step: PlayStep) -> str:
    told = ""
    match step:
        case Checkout() | Pay() | Inquire() | Update():
            told = shown(step.fields)
        case Trigger():
            told = shown({"event": step.event, **step.fields})
        case Resend():
            told = ", ".join(step.channels)
        case Advance():
            told = format_duration(step.by)
        case Operate():
            told = step.operation if step.amount is None else f"{step.operation} {step.amount:f}"
        case Release():
            told = step.event or ""
        case Receiver():
            told = ", ".join(str(each or "timeout") for each in step.answers)
    return told
