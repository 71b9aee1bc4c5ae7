"""What the language says becomes records of the domain."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation, Source
from sandbox.domain.settings import WebhookVersion
from sandbox.domain.states import State
from sandbox.scenarios.model import (
    AcceptOnly,
    AcceptThenFail,
    ApiFault,
    ChannelStep,
    Comparison,
    Deliver,
    Effect,
    Fault,
    FaultKind,
    Finding,
    InquiryStep,
    OperationResult,
    OperationStep,
    Outcome,
    PaymentStep,
    Refuse,
    Send,
    Settlement,
    Tamper,
    TimelineAction,
    TimelineStep,
    WebhookRule,
)
from sandbox.scenarios.plays import (
    Advance,
    Checkout,
    Inquire,
    Operate,
    Pay,
    Resend,
    Trigger,
    Update,
)
from tests.unit.scenarios.loading import LOADER

EVERY_KEY = """\
scenario: every-key
description: All that the language has, in one file.
match:                                # optional; globs and comparisons on request fields
  order_no: "OUTAGE-*"
  amount: ">= 10"
settings: {multi_attempt: true, expire_after: 24h}
payment:                              # what happens each time the payer tries
  - {outcome: failed, gateway_code: "51", message: Insufficient funds}
  - {outcome: success, after: 2s}     # also authorized, canceled, error, pending, cod, challenge
timeline:                             # what happens by itself
  - {after: 5s, on: created, do: pay}
  - {after: 1h, on: paid, do: refund, amount: "5.000", source: pg}
operations:
  refund: [{result: queued, settle: rejected, after: 2h}, {result: success}]
inquiry:
  - {finds: success}                  # the gateway's answer to an inquiry
channels:
  sms: [{fail: "30003", times: 3}, {deliver: 3s}]
  email: [{accept: true, then: {fail: "5.1.1", after: 30s}}]
  whatsapp: [{fail: "132001"}]
webhooks:
  - {on: paid, copies: 2, delay: 10s} # copies: how many arrive in all
  - {on: refunded, drop: true}        # also hold, reorder, tamper, version
api:                                  # faults of the platform's own calls
  - {operation: notify, times: 2, fault: {status: 503, after: 1s}}
  - {operation: "*", skip: 3, times: 1, fault: timeout, effect: after}   # timeout, reset, empty
"""

SMS_OUTAGE = """\
scenario: sms-outage-then-recovery
description: The SMS provider is down for the first message and two resends; the third resend arrives.
channels: {sms: [{fail: "30003", times: 3}, {deliver: 3s}]}
play:                                 # what `scenario test` does; default: a KWD checkout
  - checkout: {customer_phone: "+96550000000"}   # paid, authorized, cod or final
  - resend: [sms]
  - resend: [sms]
  - resend: [sms]
  - advance: 5s                       # also pay, operate, inquire, update, trigger
expect:
  states: [created]                   # in this order; only pending may be left out
  messages: [{channel: sms, status: failed}, {channel: sms, status: delivered}]   # among others
  webhooks: []
"""


def test_the_example_with_every_key_means_what_it_says() -> None:
    scenario = LOADER.load(EVERY_KEY, source="every-key.yaml", position=7)

    assert (scenario.name, scenario.source, scenario.position) == ("every-key", "every-key.yaml", 7)
    assert scenario.match is not None
    assert scenario.match.texts == {"order_no": "OUTAGE-*"}
    assert scenario.match.amount == (Comparison(sign=">=", amount=Decimal(10)),)
    assert scenario.settings == {"multi_attempt": True, "expire_after": "24h"}
    assert scenario.payment == (
        PaymentStep(outcome=Outcome.FAILED, gateway_code="51", message="Insufficient funds"),
        PaymentStep(outcome=Outcome.SUCCESS, after=timedelta(seconds=2)),
    )
    assert scenario.timeline == (
        TimelineStep(on=Event.CREATED, do=TimelineAction.PAY, after=timedelta(seconds=5)),
        TimelineStep(
            on=Event.PAID,
            do=TimelineAction.REFUND,
            after=timedelta(hours=1),
            amount=Decimal("5.000"),
            source=Source.GATEWAY,
        ),
    )
    assert scenario.operations == {
        Operation.REFUND: (
            OperationStep(
                result=OperationResult.QUEUED,
                settle=Settlement.REJECTED,
                after=timedelta(hours=2),
            ),
            OperationStep(result=OperationResult.SUCCESS),
        )
    }
    assert scenario.inquiry == (InquiryStep(finds=Finding.SUCCESS),)
    assert scenario.channels == {
        Channel.SMS: (
            ChannelStep(carriage=Refuse(code="30003"), times=3),
            ChannelStep(carriage=Deliver(after=timedelta(seconds=3))),
        ),
        Channel.EMAIL: (
            ChannelStep(carriage=AcceptThenFail(code="5.1.1", after=timedelta(seconds=30))),
        ),
        Channel.WHATSAPP: (ChannelStep(carriage=Refuse(code="132001")),),
    }
    assert scenario.webhooks == (
        WebhookRule(on=Event.PAID, copies=2, delay=timedelta(seconds=10)),
        WebhookRule(on=Event.REFUNDED, drop=True),
    )
    assert scenario.api == (
        ApiFault(
            operation="notify",
            times=2,
            fault=Fault(kind=FaultKind.STATUS, status=503, after=timedelta(seconds=1)),
        ),
        ApiFault(
            operation="*",
            skip=3,
            times=1,
            fault=Fault(kind=FaultKind.TIMEOUT),
            effect=Effect.AFTER,
        ),
    )
    assert (scenario.play, scenario.expect) == (None, None)


def test_the_example_of_an_outage_has_its_play_and_expectation() -> None:
    scenario = LOADER.load(SMS_OUTAGE)

    assert scenario.play == (
        Checkout(fields={"customer_phone": "+96550000000"}),
        *[Resend(channels=(Channel.SMS,))] * 3,
        Advance(by=timedelta(seconds=5)),
    )
    assert scenario.expect is not None
    assert scenario.expect.states == (State.CREATED,)
    assert scenario.expect.messages == (
        {"channel": "sms", "status": "failed"},
        {"channel": "sms", "status": "delivered"},
    )
    assert scenario.expect.webhooks == ()
    assert scenario.expect.answers is None


def test_a_name_alone_is_a_scenario_that_changes_nothing() -> None:
    scenario = LOADER.load("scenario: quiet")

    assert scenario.match is None
    assert not any((scenario.payment, scenario.channels, scenario.webhooks, scenario.settings))


def test_play_steps_have_short_forms() -> None:
    scenario = LOADER.load(
        """
scenario: short
play:
  - checkout
  - pay
  - pay: failed
  - pay: {outcome: failed, code: 51, wait: false}
  - inquire
  - resend: sms
  - operate: capture
  - operate: {operation: refund, amount: "1.500", tracking_key: once}
  - update: {customer_phone: "+96550000001"}
  - trigger: late_success
  - trigger: {event: message_failed, code: 30003}
"""
    )

    assert scenario.play == (
        Checkout(),
        Pay(),
        Pay(fields={"outcome": "failed"}),
        Pay(fields={"outcome": "failed", "code": "51", "wait": False}),
        Inquire(),
        Resend(channels=(Channel.SMS,)),
        Operate(operation=Operation.CAPTURE),
        Operate(operation=Operation.REFUND, amount=Decimal("1.500"), tracking_key="once"),
        Update(fields={"customer_phone": "+96550000001"}),
        Trigger(event="late_success"),
        Trigger(event="message_failed", fields={"code": "30003"}),
    )


def test_an_answer_may_be_a_bare_status() -> None:
    scenario = LOADER.load(
        "{scenario: a, expect: {answers: [201, {status: 400, body: {result: failed}}]}}"
    )

    assert scenario.expect is not None
    assert scenario.expect.answers == (
        {"status": 201},
        {"status": 400, "body": {"result": "failed"}},
    )


@pytest.mark.parametrize("written", ["51", '"51"', "'51'", "!!str 51"])
def test_a_code_is_text_with_and_without_quotes(written: str) -> None:
    scenario = LOADER.load(
        f"{{scenario: a, payment: [{{outcome: failed, gateway_code: {written}}}]}}"
    )

    assert scenario.payment[0].gateway_code == "51"


@pytest.mark.parametrize("code", ["05", "+5", "0x1F", "1_000", "12:30", "5.1.1", "no", "off"])
def test_a_text_that_only_looks_like_something_else_stays_as_it_is(code: str) -> None:
    scenario = LOADER.load(f"{{scenario: a, payment: [{{outcome: failed, gateway_code: {code}}}]}}")

    assert scenario.payment[0].gateway_code == code


@pytest.mark.parametrize(
    ("step", "carriage"),
    [
        ("{deliver: 0s}", Deliver()),
        ("{accept: true}", AcceptOnly()),
        ("{accept: true, then: {deliver: 1m}}", Deliver(after=timedelta(minutes=1))),
        ("{accept: true, then: {fail: 30003}}", AcceptThenFail(code="30003")),
        ("{fail: 30003, message: Gone}", Refuse(code="30003", detail="Gone")),
    ],
)
def test_a_channel_step_says_how_far_a_message_comes(step: str, carriage: object) -> None:
    scenario = LOADER.load(f"{{scenario: a, channels: {{sms: [{step}]}}}}")

    assert scenario.channels[Channel.SMS][0].carriage == carriage


def test_webhook_rules_and_sendings_are_words_of_the_domain() -> None:
    scenario = LOADER.load(
        """
scenario: a
channels: {sms: [{deliver: 2s, send: resend}]}
webhooks: [{on: "*", tamper: body, version: "2022", hold: true, reorder: true, times: 4}]
"""
    )

    assert scenario.channels[Channel.SMS][0].send is Send.RESEND
    assert scenario.webhooks == (
        WebhookRule(
            on="*",
            tamper=Tamper.BODY,
            version=WebhookVersion.FORM_2022,
            hold=True,
            reorder=True,
            times=4,
        ),
    )


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_is_read_as_well(indent: int | str | None, ascii_only: bool) -> None:  # noqa: FBT001
    described = 'كلمة "quoted" \\ 😀 / \x7f' if ascii_only else "كلمة 😀"
    text = json.dumps(
        {"scenario": "a", "description": described, "webhooks": [{"on": "paid", "drop": True}]},
        indent=indent,
        ensure_ascii=ascii_only,
    )

    scenario = LOADER.load(text)

    assert scenario.description == described
    assert scenario.webhooks[0].drop


def test_an_inline_value_is_read_like_a_file() -> None:
    value = {"scenario": "inline", "payment": [{"outcome": "failed", "gateway_code": "51"}]}

    assert LOADER.load_value(value).payment[0].gateway_code == "51"


def test_a_byte_order_mark_is_dropped() -> None:
    assert LOADER.load("\ufeffscenario: a".encode()).name == "a"


def test_an_anchor_may_be_used_again() -> None:
    scenario = LOADER.load(
        "{scenario: a, channels: {sms: &down [{fail: 30003}], email: [{fail: 5.1.1}]},"
        " payment: [&try {outcome: failed}, *try]}"
    )

    assert len(scenario.payment) == 2
