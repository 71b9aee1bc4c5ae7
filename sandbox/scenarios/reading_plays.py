"""The play and the expectations of a valid document, with each shorthand in its long form."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from sandbox.domain.durations import parse_duration
from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation
from sandbox.domain.states import State
from sandbox.scenarios.plays import (
    Advance,
    Checkout,
    Expect,
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

# Codes, cards and phones may be written without quotes; they are texts all the same.
_TEXTS: Final = ("code", "card", "amount", "fee", "to")


def read_play(step: str | Mapping[str, Any]) -> PlayStep:
    """Return what one step of a play does."""
    if isinstance(step, str):
        return _STEPS[step]({})
    kind, value = next(iter(step.items()))
    return _STEPS[kind](value)


def read_expect(expect: Mapping[str, Any]) -> Expect:
    """Return what is expected of a play; a key that is absent is not checked."""
    return Expect(
        states=tuple(map(State, expect["states"])) if "states" in expect else None,
        messages=tuple(map(_texts, expect["messages"])) if "messages" in expect else None,
        webhooks=tuple(expect["webhooks"]) if "webhooks" in expect else None,
        answers=(
            tuple(_long(answer, "status") for answer in expect["answers"])
            if "answers" in expect
            else None
        ),
        findings=tuple(expect["findings"]) if "findings" in expect else None,
    )


def _long(value: Any, key: str) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a mapping as it is, and anything else as the value of its main key."""
    return value if isinstance(value, Mapping) else {key: value}


def _texts(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: str(value) if name in _TEXTS else value for name, value in fields.items()}


def _resend(value: Any) -> PlayStep:  # noqa: ANN401 - a JSON value
    names = [value] if isinstance(value, str) else value
    return Resend(channels=tuple(map(Channel, names)))


def _operate(value: Any) -> PlayStep:  # noqa: ANN401 - a JSON value
    asked = _long(value, "operation")
    return Operate(
        operation=Operation(asked["operation"]),
        amount=Decimal(str(asked["amount"])) if "amount" in asked else None,
        tracking_key=asked.get("tracking_key"),
    )


def _trigger(value: Any) -> PlayStep:  # noqa: ANN401 - a JSON value
    asked = dict(_texts(_long(value, "event")))
    return Trigger(event=asked.pop("event"), fields=asked)


def _release(value: Any) -> PlayStep:  # noqa: ANN401 - a JSON value
    return Release(event=Event(value) if value else None)


def _receiver(value: Any) -> PlayStep:  # noqa: ANN401 - a JSON value
    answers = value if isinstance(value, list) else [value]
    return Receiver(answers=tuple(each if isinstance(each, int) else None for each in answers))


_STEPS: Final[Mapping[str, Callable[[Any], PlayStep]]] = {
    "checkout": lambda value: Checkout(fields=value),
    "pay": lambda value: Pay(fields=_texts(_long(value, "outcome"))),
    "resend": _resend,
    "advance": lambda value: Advance(by=parse_duration(value)),
    "operate": _operate,
    "inquire": lambda value: Inquire(fields=value),
    "update": lambda value: Update(fields=value),
    "trigger": _trigger,
    "release": _release,
    "receiver": _receiver,
}
