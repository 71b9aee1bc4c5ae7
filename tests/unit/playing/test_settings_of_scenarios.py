"""Settings of a scenario hold for all that is said of its payment, answers included."""

import pytest

from tests.unit.playing.test_playing import play

APPLE_PAY = """\
      payment_instrument:
        instrument_type: apple_pay
        payload:
          paymentData:
            version: EC_v1
            data: b3BhcXVl
            signature: b3BhcXVl
            header: {publicKeyHash: b3BhcXVl, transactionId: "0c9d41e8"}
          paymentMethod: {displayName: Visa 4242, network: Visa, type: credit}
          transactionIdentifier: "0c9d41e8"
"""
STORIES = {
    "operation": "[checkout, pay, {operate: refund}]\n",
    "inquiry": "[checkout, pay, {advance: 10m}, inquire]\n",
    "one step": f"\n  - checkout:\n{APPLE_PAY}",
}


@pytest.mark.parametrize("play_of", STORIES.values(), ids=STORIES)
def test_an_answer_is_signed_with_the_same_key_as_the_webhook(play_of: str) -> None:
    played = play(f"scenario: a\nsettings: {{webhook_key: another-key}}\nplay: {play_of}")

    _, reply = played.steps[-1]
    payload = played.observed.webhooks[-1]["payload"]
    assert isinstance(reply.value, dict)
    assert isinstance(payload, dict)
    assert reply.value["signature"] == payload["signature"]


def test_a_failed_resend_names_its_channels_in_the_form_that_the_scenario_sets() -> None:
    failing = "channels: {sms: [{fail: '30001'}]}\nplay: [checkout, {resend: [sms]}]\n"

    answers = [
        play(f"scenario: a\n{settings}{failing}").observed.answers[-1]["body"]
        for settings in ("", "settings: {failure_channels: list}\n")
    ]

    assert [each["channels"] for each in answers if isinstance(each, dict)] == ["sms", ["sms"]]
