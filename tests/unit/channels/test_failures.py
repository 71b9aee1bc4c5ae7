"""The table of provider failures says what FACTS 7 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.failures import (
    FAILURES,
    PROVIDERS,
    Nature,
    UnknownFailureCode,
    failure_of,
)
from sandbox.domain.events import Channel

PRINTED = {
    Channel.SMS: "30001 T, 30003 T, 30004 P, 30005 P, 30006 P, 30007 P, 30008 T, 21610 P, 21211 P",
    Channel.EMAIL: "5.1.1 P, 5.1.2 P, 4.2.2 T, 5.2.1 P, 4.4.1 T, 5.3.4 P, 4.7.1 T, 5.7.1 P",
    Channel.WHATSAPP: (
        "130429 T, 131026 P, 131047 P, 131048 T, 131049 T, 131056 T, 131042 C, 132000 C, 132001 C, "
        "132015 C, 132016 C"
    ),
}
LETTERS = {"T": Nature.TEMPORARY, "P": Nature.PERMANENT, "C": Nature.CONFIGURATION}
AT_ONCE = {"21211", "21610", "30001", "5.1.2", "5.3.4", "5.7.1", "130429", "131042"}
EVERY = [failure for failures in FAILURES.values() for failure in failures.values()]


@pytest.mark.parametrize("channel", Channel)
def test_each_channel_fails_in_the_printed_ways(channel: Channel) -> None:
    printed = [entry.split() for entry in PRINTED[channel].split(", ")]

    assert {code: failure.nature for code, failure in FAILURES[channel].items()} == {
        code: LETTERS[letter] for code, letter in printed
    }
    assert len(FAILURES[channel]) == len(printed)


def test_the_printed_codes_are_answered_at_once_and_no_others() -> None:
    expected = {
        failure.code
        for failure in EVERY
        if failure.code in AT_ONCE or failure.code.startswith(("4.", "132"))
    }

    assert {failure.code for failure in EVERY if failure.at_once} == expected
    assert expected >= AT_ONCE | {"4.2.2", "4.4.1", "4.7.1", "132000", "132001", "132015", "132016"}


def test_each_failure_is_found_by_its_code_and_has_words() -> None:
    for channel, failures in FAILURES.items():
        for code, failure in failures.items():
            assert failure_of(channel, code) is failure
            assert failure.code == code
            assert failure.meaning
            assert failure.detail.endswith(".")


def test_email_details_begin_as_a_mail_server_answers() -> None:
    for code, failure in FAILURES[Channel.EMAIL].items():
        reply, enhanced, _ = failure.detail.split(" ", 2)
        assert (reply[0], enhanced) == (code[0], code)


def test_a_code_of_another_channel_is_unknown_and_the_error_lists_the_right_ones() -> None:
    with pytest.raises(UnknownFailureCode, match=r"sms.*5\.1\.1.*30003") as refused:
        failure_of(Channel.SMS, "5.1.1")

    assert (refused.value.channel, refused.value.code) == (Channel.SMS, "5.1.1")


@given(channel=st.sampled_from(Channel), code=st.text(max_size=8))
def test_a_code_that_is_not_in_the_table_is_never_found(channel: Channel, code: str) -> None:
    if code not in FAILURES[channel]:
        with pytest.raises(UnknownFailureCode):
            failure_of(channel, code)


def test_each_channel_has_a_provider_of_its_own() -> None:
    assert PROVIDERS == {
        Channel.EMAIL: "email-provider",
        Channel.SMS: "sms-provider",
        Channel.WHATSAPP: "whatsapp-cloud",
    }
