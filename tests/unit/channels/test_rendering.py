"""What the payer reads, in both languages and by every channel."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.catalog import read_templates
from sandbox.channels.rendering import Rendered, render, summary_url
from sandbox.channels.templates import LANGUAGES
from sandbox.domain.events import NOTIFIABLE, Channel, Event
from tests.unit.channels.payments import (
    SESSION_ID,
    message,
    message_as_given,
    payment,
    shipped_files,
    shipped_templates,
    terms,
)

TEMPLATES: Final = shipped_templates()
PAY: Final = f"http://127.0.0.1:8686/b/checkout/redirect/start/?session_id={SESSION_ID}"
SUMMARY: Final = f"http://127.0.0.1:8686/b/checkout/redirect/summary/?session_id={SESSION_ID}"
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EVERY: Final = [
    (channel, event, language)
    for channel in Channel
    for event in sorted(NOTIFIABLE[channel])
    for language in LANGUAGES
]
each_message = pytest.mark.parametrize(("channel", "event", "language"), EVERY)
any_message = st.sampled_from(EVERY)
hostile = st.text(max_size=30) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "$amount ${link} $$",
        "a\r\nBcc: everybody@example.com",
        "\u2069\u202e drawkcab",
        "\ud800",
        "طلب ١٢",
    ]
)


class Page(HTMLParser):
    """The elements of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.within: list[tuple[str, str]] = []
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        self.within.append((self._open, data))


def written(
    channel: Channel, event: Event, language: str, *, order_no: str | None = "ORD-1"
) -> Rendered:
    of = payment(terms(order_no=order_no))
    return render(message(channel, event, language, of=of), TEMPLATES)


@each_message
def test_a_message_names_the_amount_the_order_and_the_link(
    channel: Channel, event: Event, language: str
) -> None:
    rendered = written(channel, event, language)

    link = PAY if event is Event.CREATED else SUMMARY
    assert rendered.links == (link,)
    for part in [rendered.text, *([rendered.html] if rendered.html else [])]:
        assert "10.000 KWD" in part
        assert "ORD-1" in part
        assert link in part


@each_message
def test_a_link_in_a_text_stands_alone_on_its_line(
    channel: Channel, event: Event, language: str
) -> None:
    rendered = written(channel, event, language)

    assert list(rendered.links) == [line for line in rendered.text.splitlines() if "://" in line]


@each_message
def test_only_email_has_a_subject_and_html(channel: Channel, event: Event, language: str) -> None:
    rendered = written(channel, event, language)

    assert bool(rendered.subject) is bool(rendered.html) is (channel is Channel.EMAIL)
    assert "\n" not in rendered.subject


@pytest.mark.parametrize("event", sorted(NOTIFIABLE[Channel.SMS]))
def test_an_english_sms_fits_into_one(event: Event) -> None:
    of = payment(terms(order_no="ORDER-1234567890"))

    text = render(message(Channel.SMS, event, of=of), TEMPLATES).text

    assert len(text) <= 160
    assert set(text) <= GSM


def test_a_payment_without_an_order_number_goes_by_its_reference() -> None:
    rendered = written(Channel.SMS, Event.PAID, "en", order_no=None)

    assert rendered.text == f"Paid: 10.000 KWD for order SBX7Q2K9M1D. Thank you.\n{SUMMARY}"


def test_the_amount_of_a_refund_stands_for_that_of_the_payment() -> None:
    rendered = render(message(Channel.SMS, Event.REFUNDED, amount="4.000"), TEMPLATES)

    assert rendered.text.startswith("Refunded: 4.000 KWD for order ORD-1.")


def test_an_unknown_language_is_answered_in_english() -> None:
    assert written(Channel.SMS, Event.PAID, "fr") == written(Channel.SMS, Event.PAID, "en")


def test_the_summary_link_is_that_of_the_payment() -> None:
    assert summary_url(payment()) == SUMMARY


@pytest.mark.parametrize("event", sorted(NOTIFIABLE[Channel.EMAIL]))
def test_an_arabic_email_runs_from_right_to_left_in_an_arabic_font(event: Event) -> None:
    page = Page(written(Channel.EMAIL, event, "ar").html)

    attributes = dict(page.elements)
    assert attributes["html"] == {"lang": "ar", "dir": "rtl"}
    assert "'Noto Naskh Arabic'" in (attributes["body"]["style"] or "")


@each_message
def test_arabic_texts_isolate_what_runs_the_other_way(
    channel: Channel, event: Event, language: str
) -> None:
    rendered = written(channel, event, language)

    arabic = language == "ar"
    for value in ("10.000 KWD", "ORD-1"):
        assert (f"\u2068{value}\u2069" in rendered.text) is arabic
    for text in (rendered.subject, rendered.text):
        assert text.count("\u2068") == text.count("\u2069")
    if rendered.html:
        isolated = [words for tag, words in Page(rendered.html).within if tag == "bdi"]
        assert {"10.000 KWD", "ORD-1", "SBX7Q2K9M1D"} <= set(isolated)
        assert ("\u2068ORD-1\u2069" in rendered.subject) is arabic


def test_an_arabic_order_number_is_isolated_in_an_english_text() -> None:
    rendered = written(Channel.SMS, Event.PAID, "en", order_no="طلب-١٢")

    assert "order \u2068طلب-١٢\u2069." in rendered.text


@given(which=any_message, order_no=hostile)
def test_a_placeholder_is_never_left_and_a_value_is_never_taken_for_one(
    which: tuple[Channel, Event, str], order_no: str
) -> None:
    rendered = written(*which, order_no=order_no)
    plain = written(*which, order_no="ORD-1")

    for part, expected in ((rendered.text, plain.text), (rendered.subject, plain.subject)):
        assert "$" not in expected
        assert part.count("$") <= order_no.count("$")
        assert part.count("10.000 KWD") == expected.count("10.000 KWD")
    assert "$" not in plain.html


@given(
    event=st.sampled_from(sorted(NOTIFIABLE[Channel.EMAIL])), language=st.sampled_from(LANGUAGES)
)
@pytest.mark.parametrize(
    "order_no", ["<script>alert(1)</script>", '"><b>', "' onclick='x", "&lt;b&gt;", "</title>"]
)
def test_markup_in_a_value_is_only_words(event: Event, language: str, order_no: str) -> None:
    page = Page(written(Channel.EMAIL, event, language, order_no=order_no).html)

    assert page.elements == Page(written(Channel.EMAIL, event, language).html).elements
    assert ("bdi", order_no) in page.within


@given(which=any_message, order_no=hostile)
def test_no_value_changes_the_elements_of_a_page(
    which: tuple[Channel, Event, str], order_no: str
) -> None:
    page = Page(written(*which, order_no=order_no).html)

    assert page.elements == Page(written(*which).html).elements


@given(which=any_message, order_no=hostile)
def test_no_value_breaks_a_line_turns_its_neighbours_or_cannot_be_sent(
    which: tuple[Channel, Event, str], order_no: str
) -> None:
    rendered = written(*which, order_no=order_no)
    plain = written(*which)

    assert len(rendered.subject.splitlines()) == len(plain.subject.splitlines())
    assert len(rendered.text.splitlines()) == len(plain.text.splitlines())
    for text in (rendered.subject, rendered.text, rendered.html):
        text.encode()
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
        assert text.count("\u2068") == text.count("\u2069")


def test_an_origin_is_escaped_too() -> None:
    of = replace(payment(), origin='http://h"><script>')

    rendered = render(message(Channel.EMAIL, Event.PAID, of=of), TEMPLATES)

    assert "<script>" not in rendered.html


def test_a_message_without_a_payment_is_sent_as_it_was_given() -> None:
    given_text = 'Pay <here>: https://shop.example/p?a=1, or "http://b.example". $amount'

    rendered = render(message_as_given("Hello $order", given_text), TEMPLATES)

    assert rendered == Rendered(
        subject="Hello $order",
        text=given_text,
        html="",
        links=("https://shop.example/p?a=1", "http://b.example"),
    )


def test_links_are_those_that_an_edited_text_has() -> None:
    files = shipped_files()
    files["sms.en.yaml"] = files["sms.en.yaml"].replace(
        "Thank you.\n    $link", "See https://shop.example/help."
    )

    rendered = render(message(Channel.SMS, Event.PAID), read_templates(files))

    assert rendered.links == ("https://shop.example/help",)


def test_a_message_of_no_event_is_sent_as_it_was_given() -> None:
    given_message = replace(message(Channel.SMS, None), text="Hello.")

    assert render(given_message, TEMPLATES).text == "Hello."
