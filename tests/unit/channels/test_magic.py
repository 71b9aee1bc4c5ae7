"""Magic contacts fail as their address says, and every other address is an ordinary one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.failures import FAILURES
from sandbox.channels.magic import MAGIC_NAMES, magic_contacts, magic_failure
from sandbox.domain.events import Channel

PHONES = (Channel.SMS, Channel.WHATSAPP)


@pytest.mark.parametrize("channel", Channel)
def test_every_failure_of_the_table_has_one_magic_contact(channel: Channel) -> None:
    assert sorted(MAGIC_NAMES[channel].values()) == sorted(FAILURES[channel])


def test_sms_and_whatsapp_never_share_digits() -> None:
    by_sms, by_whatsapp = set(MAGIC_NAMES[Channel.SMS]), set(MAGIC_NAMES[Channel.WHATSAPP])

    assert not by_sms & by_whatsapp
    assert "00" not in by_sms | by_whatsapp


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("bounce@sandbox.example.com", "5.1.1"),
        ("bounce+order-7@sandbox.example.com", "5.1.1"),
        ("Bounce+x@Sandbox.Example.COM", "5.1.1"),
        ("baddomain@sandbox.example.com", "5.1.2"),
        ("mailboxfull@sandbox.example.com", "4.2.2"),
        ("disabled@sandbox.example.com", "5.2.1"),
        ("noanswer@sandbox.example.com", "4.4.1"),
        ("toolarge@sandbox.example.com", "5.3.4"),
        ("greylisted@sandbox.example.com", "4.7.1"),
        ("refused@sandbox.example.com", "5.7.1"),
    ],
)
def test_an_email_address_says_its_failure_and_fails_always(address: str, code: str) -> None:
    assert [magic_failure(Channel.EMAIL, address, failed) for failed in (0, 1, 99)] == [code] * 3


@pytest.mark.parametrize(
    "address",
    [
        "mailboxfull.x2@sandbox.example.com",
        "mailboxfull.x2+any@sandbox.example.com",
        "MAILBOXFULL.X2+any@sandbox.example.com",
    ],
)
def test_an_email_address_may_fail_some_times_and_is_then_fine(address: str) -> None:
    answers = [magic_failure(Channel.EMAIL, address, failed) for failed in range(4)]

    assert answers == ["4.2.2", "4.2.2", None, None]


@pytest.mark.parametrize(
    "address",
    [
        "payer@sandbox.example.com",
        "bounce@example.com",
        "bounce@sandbox.example.com.example",
        "bounce@sandboxXexample.com",
        "bouncer@sandbox.example.com",
        "bounce.x0@sandbox.example.com",
        "bounce.x2.more@sandbox.example.com",
        "a+bounce@sandbox.example.com",
        "bounce@other@sandbox.example.com",
        "",
    ],
)
def test_other_email_addresses_are_ordinary(address: str) -> None:
    assert magic_failure(Channel.EMAIL, address, 0) is None


@pytest.mark.parametrize("channel", PHONES)
def test_a_phone_number_says_its_failure_and_how_often(channel: Channel) -> None:
    for digits, code in MAGIC_NAMES[channel].items():
        always = [magic_failure(channel, f"+9650000{digits}00", failed) for failed in (0, 1, 99)]
        twice = [magic_failure(channel, f"+9650000{digits}02", failed) for failed in range(4)]

        assert always == [code] * 3
        assert twice == [code, code, None, None]


@pytest.mark.parametrize(
    "number", ["+96500000300", "0096500000300", "96500000300", "+965 0000 0300", "(965) 0000-0300"]
)
def test_a_phone_number_may_be_written_in_the_usual_ways(number: str) -> None:
    assert magic_failure(Channel.SMS, number, 0) == "30003"


@pytest.mark.parametrize(
    ("channel", "number"),
    [
        (Channel.SMS, "+96500005100"),
        (Channel.WHATSAPP, "+96500000300"),
    ],
)
def test_a_number_that_fails_by_one_channel_is_fine_for_the_other(
    channel: Channel, number: str
) -> None:
    assert magic_failure(channel, number, 0) is None


@pytest.mark.parametrize(
    "number", ["+96550000000", "+96500000000", "+965000003000", "+9650000030", "00000300", ""]
)
@pytest.mark.parametrize("channel", PHONES)
def test_other_phone_numbers_are_ordinary(channel: Channel, number: str) -> None:
    assert magic_failure(channel, number, 0) is None


@given(channel=st.sampled_from(Channel), address=st.text(max_size=40), failed=st.integers(0, 9))
def test_any_text_is_taken_and_a_code_is_always_one_of_the_channel(
    channel: Channel, address: str, failed: int
) -> None:
    assert magic_failure(channel, address, failed) in {None, *FAILURES[channel]}


def test_digits_of_other_scripts_are_not_magic() -> None:
    assert magic_failure(Channel.SMS, "+٩٦٥٠٠٠٠٠٣٠٠", 0) is None


def test_each_row_of_the_table_does_what_it_says() -> None:
    rows = magic_contacts()

    assert len(rows) == sum(len(failures) for failures in FAILURES.values())
    for row in rows:
        once = row.address_of_some.replace("NN", "01").replace("xN", "x1")
        assert magic_failure(row.channel, row.address, 5) == row.code
        assert [magic_failure(row.channel, once, failed) for failed in (0, 1)] == [row.code, None]
        assert FAILURES[row.channel][row.code].at_once is row.effect.startswith("refused at once")
