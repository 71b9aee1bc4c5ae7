"""A valid document turned into a scenario: texts become durations, amounts and words of the domain.

Every value here has passed the schema; a shorthand of the language becomes its long form.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from sandbox.domain.durations import parse_duration
from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation, Source
from sandbox.domain.settings import WebhookVersion
from sandbox.scenarios.matching import read_comparisons
from sandbox.scenarios.model import (
    EVERY,
    NOW,
    AcceptOnly,
    AcceptThenFail,
    ApiFault,
    Carriage,
    ChannelStep,
    Deliver,
    Effect,
    Fault,
    FaultKind,
    Finding,
    InquiryStep,
    Match,
    OperationResult,
    OperationStep,
    Outcome,
    PaymentStep,
    Refuse,
    Scenario,
    Send,
    Settlement,
    Tamper,
    TimelineAction,
    TimelineStep,
    WebhookRule,
)
from sandbox.scenarios.reading_plays import read_expect, read_play

Fields = Mapping[str, Any]

_SETTLEMENTS: Final = {
    "refunded": Settlement.REFUNDED,
    "success": Settlement.REFUNDED,
    "rejected": Settlement.REJECTED,
}
_MATCHED_TEXTS: Final = (
    "order_no",
    "currency_code",
    "customer_email",
    "customer_phone",
    "customer_id",
    "type",
    "payment_type",
)


def read_scenario(document: Fields, *, source: str, position: int) -> Scenario:
    """Return the scenario that a valid document describes."""
    operations: Fields = document.get("operations", {})
    channels: Fields = document.get("channels", {})
    return Scenario(
        name=document["scenario"],
        description=document.get("description", ""),
        match=_match(document["match"]) if "match" in document else None,
        settings=document.get("settings", {}),
        payment=tuple(map(_payment, document.get("payment", ()))),
        timeline=tuple(map(_timeline, document.get("timeline", ()))),
        operations={
            Operation(name): tuple(map(_operation, steps)) for name, steps in operations.items()
        },
        inquiry=tuple(map(_inquiry, document.get("inquiry", ()))),
        channels={Channel(name): tuple(map(_channel, steps)) for name, steps in channels.items()},
        webhooks=tuple(map(_webhook, document.get("webhooks", ()))),
        api=tuple(map(_api, document.get("api", ()))),
        play=tuple(map(read_play, document["play"])) if "play" in document else None,
        expect=read_expect(document["expect"]) if "expect" in document else None,
        source=source,
        position=position,
    )


def _match(fields: Fields) -> Match:
    codes = fields.get("pg_codes", ())
    return Match(
        texts={name: str(fields[name]) for name in _MATCHED_TEXTS if name in fields},
        amount=read_comparisons(str(fields["amount"])) if "amount" in fields else (),
        pg_codes=(codes,) if isinstance(codes, str) else tuple(map(str, codes)),
        extra={name: str(glob) for name, glob in fields.get("extra", {}).items()},
    )


def _payment(step: Fields) -> PaymentStep:
    return PaymentStep(
        outcome=Outcome(step["outcome"]),
        gateway_code=_text(step, "gateway_code"),
        message=step.get("message"),
        after=_span(step, "after"),
    )


def _timeline(step: Fields) -> TimelineStep:
    return TimelineStep(
        on=Event(step["on"]),
        do=TimelineAction(step["do"]),
        after=_span(step, "after") or NOW,
        amount=Decimal(str(step["amount"])) if "amount" in step else None,
        source=Source(step["source"]) if "source" in step else None,
        gateway_code=_text(step, "gateway_code"),
        message=step.get("message"),
    )


def _operation(step: Fields) -> OperationStep:
    return OperationStep(
        result=OperationResult(step["result"]),
        settle=_SETTLEMENTS[step["settle"]] if "settle" in step else None,
        after=_span(step, "after"),
        gateway_code=_text(step, "gateway_code"),
        message=step.get("message"),
    )


def _inquiry(step: Fields) -> InquiryStep:
    return InquiryStep(
        finds=Finding(step["finds"]),
        gateway_code=_text(step, "gateway_code"),
        message=step.get("message"),
    )


def _channel(step: Fields) -> ChannelStep:
    return ChannelStep(
        carriage=_carriage(step),
        times=step.get("times", 1),
        send=Send(step["send"]) if "send" in step else None,
    )


def _carriage(step: Fields) -> Carriage:
    if "deliver" in step:
        return Deliver(after=_span(step, "deliver") or NOW)
    if "fail" in step:
        return Refuse(code=str(step["fail"]), detail=step.get("message"))
    then: Fields = step.get("then", {})
    if "deliver" in then:
        return Deliver(after=_span(then, "deliver") or NOW)
    if "fail" in then:
        return AcceptThenFail(
            code=str(then["fail"]), after=_span(then, "after") or NOW, detail=then.get("message")
        )
    return AcceptOnly()


def _webhook(rule: Fields) -> WebhookRule:
    return WebhookRule(
        on=EVERY if rule["on"] == EVERY else Event(rule["on"]),
        copies=rule.get("copies", 1),
        delay=_span(rule, "delay") or NOW,
        drop=rule.get("drop", False),
        hold=rule.get("hold", False),
        reorder=rule.get("reorder", False),
        tamper=Tamper(rule["tamper"]) if "tamper" in rule else None,
        version=WebhookVersion(str(rule["version"])) if "version" in rule else None,
        times=rule.get("times"),
    )


def _api(step: Fields) -> ApiFault:
    return ApiFault(
        operation=step["operation"],
        fault=_fault(step),
        skip=step.get("skip", 0),
        times=step.get("times"),
        effect=Effect(step.get("effect", Effect.BEFORE)),
    )


def _fault(step: Fields) -> Fault:
    after = _span(step, "after") or NOW
    written = step["fault"]
    if isinstance(written, str):
        return Fault(kind=FaultKind(written), after=after)
    return Fault(
        kind=FaultKind.STATUS,
        status=written["status"],
        body=written.get("body"),
        after=_span(written, "after") or after,
    )


def _text(step: Fields, key: str) -> str | None:
    """Return a code as text; a whole number is taken as its digits."""
    return str(step[key]) if key in step else None


def _span(step: Fields, key: str) -> timedelta | None:
    return parse_duration(step[key]) if key in step else None
