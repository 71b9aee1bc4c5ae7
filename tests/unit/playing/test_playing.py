"""What `scenario test` does with a scenario, seen on scenarios written for it."""

import asyncio
from collections.abc import Sequence

import pytest

from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from tests.unit.scenarios.loading import LOADER


def play(text: str) -> Played:
    """Play a scenario given as text."""

    async def on_stage() -> Played:
        async with stage() as playing:
            return await playing.play(LOADER.load(text, source="shop.yaml"))

    return asyncio.run(on_stage())


def steps_of(played: Played) -> Sequence[str]:
    return [f"{step} {reply.status}" for step, reply in played.steps]


def about(played: Played) -> Sequence[str]:
    return [difference.about for difference in played.differences]


def test_without_a_play_the_payer_tries_until_the_list_is_used_up() -> None:
    played = play("scenario: a\npayment: [{outcome: failed}, {outcome: canceled}]\n")

    assert steps_of(played) == ["checkout 201", "pay 200", "pay 200"]
    assert played.observed.states == ["created", "pending", "attempted", "pending", "attempted"]


@pytest.mark.parametrize("outcome", ["success", "authorized", "cod"])
def test_without_a_play_the_payer_stops_when_the_payment_has_succeeded(outcome: str) -> None:
    played = play(f"scenario: a\npayment: [{{outcome: {outcome}}}, {{outcome: failed}}]\n")

    assert steps_of(played) == ["checkout 201", "pay 200"]


def test_without_anything_a_payment_is_paid_and_all_channels_tell_of_it() -> None:
    played = play("scenario: a\n")

    told = [(each["channel"], each["event"]) for each in played.observed.messages]
    assert told == [
        (channel, event)
        for event in ("created", "paid")
        for channel in ("email", "sms", "whatsapp")
    ]
    assert [each["status"] for each in played.observed.webhooks] == ["delivered"]
    assert list(played.observed.findings) == []


def test_without_a_play_the_payer_passes_a_challenge() -> None:
    played = play("scenario: a\npayment: [{outcome: challenge}]\n")

    assert steps_of(played) == ["checkout 201", "pay 200", "pay challenge: True 200"]
    assert played.observed.states[-1] == "paid"


def test_without_a_play_all_that_is_planned_happens() -> None:
    played = play(
        "scenario: a\n"
        "timeline: [{on: paid, after: 1h, do: refund}]\n"
        "channels: {sms: [{deliver: 3s}]}\n"
        "webhooks: [{on: paid, delay: 10m}]\n"
    )

    assert steps_of(played)[-1] == "advance 1h10m3s 200"
    assert [each["event"] for each in played.observed.webhooks] == ["paid", "refunded"]
    assert {each["status"] for each in played.observed.messages} == {"delivered"}


def test_without_a_play_the_platform_asks_until_it_knows() -> None:
    played = play(
        "scenario: a\n"
        "payment: [{outcome: pending}]\n"
        "inquiry: [{finds: pending}, {finds: pending}, {finds: success}]\n"
    )

    assert steps_of(played)[-1] == "advance 33m 200"
    assert played.observed.states == ["created", "pending", "paid"]


def test_a_play_asks_how_the_payment_ended() -> None:
    played = play(
        """\
scenario: a
payment: [{outcome: pending}]
inquiry: [{finds: failed, message: No money}]
play: [checkout, inquire, pay, {inquire: {notify_webhook_url: true}}]
expect:
  states: [created, attempted]
  webhooks: [{event: attempted, result: failed}]
  answers: [201, 400, 200, {status: 200, body: {state: attempted, message: No money}}]
  findings: [inquiry_too_early]
"""
    )

    assert list(map(str, played.differences)) == []


def test_every_step_of_a_play_is_done_as_its_caller_would() -> None:
    played = play(
        """\
scenario: a-long-afternoon
play:
  - checkout: {amount: "10.000", customer_phone: "+96550000000"}
  - resend: [sms, email]
  - update: {customer_phone: "+96550000001"}
  - pay: failed
  - advance: 10m
  - pay: {gateway: credit-card, card: "5123450000000008"}
  - operate: {operation: refund, amount: "4.000", tracking_key: refund-1}
  - operate: {operation: refund, amount: "4.000", tracking_key: refund-1}
  - operate: {operation: refund, amount: "6.001"}
  - trigger: {event: refund, amount: "1.000"}
  - operate: refund
expect:
  states: [created, attempted, paid]
  messages:
    - {channel: sms, event: created, to: "+96550000000"}
    - {channel: sms, event: paid, to: "+96550000001"}
    - {channel: email, event: refunded, text: "4.000"}
  webhooks:
    - {event: attempted}
    - {event: paid, state: paid, tries: [200]}
    - {event: refunded, payload: {amount: "4.000", source: input}}
    - {event: refunded, payload: {amount: "1.000", source: pg}}
    - {event: refunded, payload: {amount: "5.000"}}
  answers: [201, 200, 200, 200, 200, 200, 200, 200, 400, 200, 200]
"""
    )

    assert list(map(str, played.differences)) == []


def test_what_was_expected_in_vain_is_told_line_by_line() -> None:
    played = play(
        "scenario: a\n"
        "payment: [{outcome: failed}]\n"
        "expect: {states: [created, paid], webhooks: [{event: paid}], answers: [201, 400]}\n"
    )

    assert list(map(str, played.differences)) == [
        "states\n  expected: created → paid\n  actual:   created → pending → attempted",
        "webhooks[0]\n  expected: {event: paid}\n  actual:   {event: attempted}",
        "answers[1]\n  expected: {status: 400}\n  actual:   {status: 200}",
    ]


def test_a_step_that_comes_with_a_later_version_is_refused_by_name() -> None:
    later = "{status: 501, body: {detail: It comes with a later version.}}"
    played = play(
        f"scenario: a\napi: [{{operation: inquiry, fault: {later}}}]\nplay: [checkout, inquire]\n"
    )

    assert about(played) == ["step 2, inquire"]
    assert "later version" in played.differences[0].actual


def test_a_checkout_against_the_scenarios_own_match_is_told() -> None:
    played = play(
        'scenario: a\nmatch: {order_no: "OUT-*"}\nplay: [{checkout: {order_no: other}}]\n'
    )

    assert about(played) == ["step 1, checkout order_no: other"]


def test_a_call_whose_answer_is_lost_has_no_status_and_may_have_been_done() -> None:
    played = play(
        """\
scenario: a
api:
  - {operation: checkout, fault: reset, effect: after, times: 1}
  - {operation: notify, fault: timeout, times: 1}
play: [checkout, pay, resend: sms, resend: sms]
""".replace(
            "[checkout, pay, resend: sms, resend: sms]",
            "[checkout, pay, {resend: sms}, {resend: sms}]",
        )
    )

    assert steps_of(played) == ["checkout None", "pay 200", "resend sms None", "resend sms 200"]
    assert played.observed.states == ["created", "pending", "paid"]


@pytest.mark.parametrize("fault", ["empty", "garbage"])
def test_an_answer_that_is_not_http_is_none(fault: str) -> None:
    played = play(
        f"scenario: a\napi: [{{operation: checkout, fault: {fault}}}]\nplay: [checkout]\n"
    )

    assert steps_of(played) == ["checkout None"]


def test_after_a_checkout_that_failed_there_is_nothing_to_ask_about() -> None:
    played = play(
        "scenario: a\n"
        "api: [{operation: checkout, times: 1, fault: {status: 503}}]\n"
        "play: [checkout, pay, checkout, pay]\n"
    )

    assert steps_of(played) == ["checkout 503", "pay None", "checkout 201", "pay 200"]
    assert played.observed.states == ["created", "pending", "paid"]


def test_a_field_of_the_checkout_that_is_null_is_left_out() -> None:
    played = play("scenario: a\nplay: [{checkout: {customer_phone: null}}]\n")

    assert [each["channel"] for each in played.observed.messages] == ["email"]


def test_settings_of_the_scenario_count() -> None:
    played = play("scenario: a\nsettings: {webhook_url: null, multi_attempt: false}\n")

    assert list(played.observed.webhooks) == []


def test_the_receiver_answers_as_the_play_tells_it_to_try_by_try() -> None:
    played = play(
        """\
scenario: a
payment: [{outcome: failed}, {outcome: failed}, {outcome: success}]
play: [{receiver: [timeout, 503, 201]}, checkout, pay, pay, {advance: 20s}, {receiver: 200}, pay]
expect:
  webhooks:
    - {event: attempted, status: delivered, tries: [null, 201]}
    - {event: attempted, status: failed, tries: [503]}
    - {event: paid, status: delivered, tries: [200]}
"""
    )

    assert list(map(str, played.differences)) == []
    assert steps_of(played)[0] == "receiver timeout, 503, 201 200"


def test_one_play_leaves_the_receiver_of_the_next_alone() -> None:
    async def on_stage() -> list[Played]:
        async with stage() as playing:
            texts = ("scenario: a\nplay: [{receiver: 500}, checkout, pay]\n", "scenario: b\n")
            return [await playing.play(LOADER.load(text)) for text in texts]

    statuses = [each.observed.webhooks[0]["status"] for each in asyncio.run(on_stage())]

    assert statuses == ["failed", "delivered"]


def test_held_webhooks_are_released_by_event_or_the_oldest_first() -> None:
    held = (
        "scenario: a\n"
        "payment: [{outcome: failed}, {outcome: canceled}, {outcome: success}]\n"
        "webhooks: [{on: '*', hold: true}]\n"
        "play: [checkout, release, pay, pay, pay, "
    )

    by_event = play(f"{held}{{release: paid}}, release]\n")
    all_of_them = play(f"{held}release, release, release, release]\n")

    statuses = [each["status"] for each in by_event.observed.webhooks]
    assert statuses == ["delivered", "held", "delivered"]
    assert {each["status"] for each in all_of_them.observed.webhooks} == {"delivered"}
    assert steps_of(by_event)[1] == "release None"
    assert steps_of(all_of_them)[-1] == "release None"


@pytest.mark.parametrize("fault", ["timeout", "reset", "empty", "garbage", "slow-body"])
def test_an_answer_that_is_lost_is_expected_as_such(fault: str) -> None:
    story = (
        f"scenario: a\napi: [{{operation: checkout, times: 1, fault: {fault}}}]\n"
        "play: [checkout, checkout]\n"
    )

    as_it_was = play(f"{story}expect: {{answers: [lost, 201]}}\n")
    otherwise = play(f"{story}expect: {{answers: [201, lost]}}\n")

    assert list(map(str, as_it_was.differences)) == []
    assert list(map(str, otherwise.differences)) == [
        "answers[0]\n  expected: {status: 201}\n  actual:   {status: lost}",
        "answers[1]\n  expected: {status: lost}\n  actual:   {status: 201}",
    ]
