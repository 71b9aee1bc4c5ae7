"""A scenario as a document, and the document as YAML that people like to read.

What `reading` takes in is written here; what is read again is the same scenario.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, assert_never

from sandbox.domain.durations import format_duration
from sandbox.scenarios.model import (
    AcceptOnly,
    AcceptThenFail,
    ApiFault,
    ChannelStep,
    Deliver,
    Effect,
    Fault,
    FaultKind,
    InquiryStep,
    Match,
    OperationStep,
    PaymentStep,
    Refuse,
    Scenario,
    Settlement,
    TimelineStep,
    WebhookRule,
)
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

Fields = dict[str, Any]

_SETTLED: Final = {Settlement.REFUNDED: "refunded", Settlement.REJECTED: "rejected"}
# Words that need no quotes, for whichever YAML an editor reads; `on` is a key of the language.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ .-][A-Za-z0-9_]+)*", re.ASCII)
_SPAN: Final = re.compile(r"(?:[0-9]+(?:ms|s|m|h|d))+", re.ASCII)
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_WIDTH: Final = 100
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_LAST_SHORT: Final = 0xFFFF


def write_scenario(scenario: Scenario) -> str:
    """Return the scenario's YAML text."""
    return "".join(f"{line}\n" for line in _lines(document_of(scenario), 0))


def document_of(scenario: Scenario) -> Fields:
    """Return the scenario as the language has it; what is left out there is left out here."""
    return _without_nothing(
        {
            "scenario": scenario.name,
            "description": scenario.description or None,
            "match": _match(scenario.match) if scenario.match else None,
            "settings": dict(scenario.settings) or None,
            "payment": _each(_payment, scenario.payment),
            "timeline": _each(_timeline, scenario.timeline),
            "operations": {
                name.value: _each(_operation, steps) for name, steps in scenario.operations.items()
            }
            or None,
            "inquiry": _each(_inquiry, scenario.inquiry),
            "channels": {
                name.value: _each(_channel, steps) for name, steps in scenario.channels.items()
            }
            or None,
            "webhooks": _each(_webhook, scenario.webhooks),
            "api": _each(_api, scenario.api),
            "play": _each(_play, scenario.play or ()),
            "expect": _expect(scenario.expect) if scenario.expect else None,
        }
    )


def _each(write: Callable[[Any], Any], steps: Sequence[Any]) -> list[Any] | None:
    return [write(step) for step in steps] or None


def _without_nothing(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _span(span: timedelta | None) -> str | None:
    return None if span is None else format_duration(span)


def _later(span: timedelta) -> str | None:
    return format_duration(span) if span else None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _match(match: Match) -> Fields:
    comparisons = ", ".join(f"{each.sign} {each.amount:f}" for each in match.amount)
    return _without_nothing(
        {
            **match.texts,
            "amount": comparisons or None,
            "pg_codes": list(match.pg_codes) or None,
            "extra": dict(match.extra) or None,
        }
    )


def _said(step: PaymentStep | TimelineStep | OperationStep | InquiryStep) -> Fields:
    return {"gateway_code": step.gateway_code, "message": step.message}


def _payment(step: PaymentStep) -> Fields:
    return _without_nothing(
        {"outcome": step.outcome.value, **_said(step), "after": _span(step.after)}
    )


def _timeline(step: TimelineStep) -> Fields:
    return _without_nothing(
        {
            "on": step.on.value,
            "after": _later(step.after),
            "do": step.do.value,
            "amount": _amount(step.amount),
            "source": step.source.value if step.source else None,
            **_said(step),
        }
    )


def _operation(step: OperationStep) -> Fields:
    return _without_nothing(
        {
            "result": step.result.value,
            "settle": _SETTLED[step.settle] if step.settle else None,
            "after": _span(step.after),
            **_said(step),
        }
    )


def _inquiry(step: InquiryStep) -> Fields:
    return _without_nothing({"finds": step.finds.value, **_said(step)})


def _channel(step: ChannelStep) -> Fields:
    more = {
        "times": step.times if step.times > 1 else None,
        "send": step.send.value if step.send else None,
    }
    return _without_nothing({**_carriage(step), **more})


def _carriage(step: ChannelStep) -> Fields:
    match step.carriage:
        case Deliver(after=after):
            return {"deliver": format_duration(after)}
        case Refuse(code=code, detail=detail):
            return {"fail": code, "message": detail}
        case AcceptThenFail(code=code, after=after, detail=detail):
            then = {"fail": code, "after": _later(after), "message": detail}
            return {"accept": True, "then": _without_nothing(then)}
        case AcceptOnly():
            return {"accept": True}
        case _:
            assert_never(step.carriage)


def _webhook(rule: WebhookRule) -> Fields:
    said = _without_nothing(
        {
            "copies": rule.copies if rule.copies > 1 else None,
            "delay": _later(rule.delay),
            "drop": rule.drop or None,
            "hold": rule.hold or None,
            "reorder": rule.reorder or None,
            "tamper": rule.tamper.value if rule.tamper else None,
            "version": rule.version.value if rule.version else None,
            "times": rule.times,
        }
    )
    # A rule has to say something, also where it lets a webhook go as usual.
    return {"on": str(rule.on), **(said or {"copies": 1})}


def _api(step: ApiFault) -> Fields:
    return _without_nothing(
        {
            "operation": step.operation,
            "skip": step.skip or None,
            "times": step.times,
            **_fault(step.fault),
            "effect": None if step.effect is Effect.BEFORE else step.effect.value,
        }
    )


def _fault(fault: Fault) -> Fields:
    if fault.kind is not FaultKind.STATUS:
        return {"fault": fault.kind.value, "after": _later(fault.after)}
    said = {"status": fault.status, "after": _later(fault.after), "body": fault.body}
    return {"fault": _without_nothing(said)}


def _play(step: PlayStep) -> Any:  # noqa: ANN401 - a JSON value
    match step:
        case Checkout(fields=fields) | Inquire(fields=fields) | Update(fields=fields):
            return _named(step, dict(fields))
        case Pay(fields=fields):
            return _named(step, _short(fields, "outcome"))
        case Operate():
            said = {
                "operation": step.operation.value,
                "amount": _amount(step.amount),
                "tracking_key": step.tracking_key,
            }
            return _named(step, _short(_without_nothing(said), "operation"))
        case Trigger():
            return _named(step, _short({"event": step.event, **step.fields}, "event"))
        case Resend() | Advance() | Release() | Receiver():
            return _named(step, _plain(step))
        case _:
            assert_never(step)


def _plain(step: Resend | Advance | Release | Receiver) -> Any:  # noqa: ANN401 - a JSON value
    match step:
        case Resend(channels=channels):
            return [each.value for each in channels]
        case Advance(by=by):
            return format_duration(by)
        case Release(event=event):
            return event.value if event else None
        case Receiver(answers=answers):
            said = ["timeout" if each is None else each for each in answers]
            return said[0] if len(said) == 1 else said


def _named(step: PlayStep, said: Any) -> Any:  # noqa: ANN401 - JSON values
    """Return a step under its name; a name alone where there is no more to say."""
    name = type(step).__name__.lower()
    return {name: said} if said else name


def _short(fields: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return the value of the main key alone where there is no other."""
    return fields[key] if set(fields) == {key} else dict(fields)


def _expect(expect: Expect) -> Fields | None:
    answers = expect.answers
    said = {
        "states": None if expect.states is None else [each.value for each in expect.states],
        "messages": None if expect.messages is None else [dict(each) for each in expect.messages],
        "webhooks": None if expect.webhooks is None else [dict(each) for each in expect.webhooks],
        "answers": None if answers is None else [_short(each, "status") for each in answers],
        "findings": None if expect.findings is None else list(expect.findings),
    }
    return _without_nothing(said) or None


def _lines(fields: Mapping[str, Any], indent: int) -> Iterator[str]:
    margin = " " * indent
    for key, value in fields.items():
        flow = _flow(value)
        is_list_of_steps = isinstance(value, list) and any(
            isinstance(each, Mapping) for each in value
        )
        fits = indent + len(key) + len(flow) < _WIDTH
        if isinstance(value, Mapping) and value and not (indent and fits):
            yield f"{margin}{_scalar(key)}:"
            yield from _lines(value, indent + 2)
        elif isinstance(value, list) and value and (is_list_of_steps or not fits):
            yield f"{margin}{_scalar(key)}:"
            for each in value:
                yield from _item(each, indent + 2)
        else:
            yield f"{margin}{_scalar(key)}: {flow}"


def _item(value: Any, indent: int) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Write a list's item; one that says a single thing goes without braces."""
    margin = " " * indent
    if not isinstance(value, Mapping) or len(value) != 1:
        yield f"{margin}- {_flow(value)}"
        return
    key, said = next(iter(value.items()))
    line = f"{margin}- {_scalar(key)}: {_flow(said)}"
    if isinstance(said, Mapping) and len(line) > _WIDTH:
        yield f"{margin}- {_scalar(key)}:"
        yield from _lines(said, indent + 4)
    else:
        yield line


def _flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if value == "on":
        return value
    if _SPAN.fullmatch(value) or (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
        return value
    # `${` would be a variable of the environment.
    return f'"{"".join(map(_quoted, value.replace("${", "$${")))}"'


def _quoted(letter: str) -> str:
    """Return a letter as it stands between double quotes in YAML."""
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    number = ord(letter)
    return f"\\u{number:04x}" if number <= _LAST_SHORT else f"\\U{number:08x}"
