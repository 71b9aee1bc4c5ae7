"""The words of messages sent from a template by name."""

from html.parser import HTMLParser
from string import Template
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.notification_texts import Unfilled, fallback, fill
from sandbox.channels.rendering import Rendered
from sandbox.channels.templates import MessageTemplate
from sandbox.domain.events import Channel

TEMPLATE: Final = MessageTemplate(
    subject=Template("About $order"),
    text=Template("Order $order: $status\n$status\n"),
    html=Template("<p>$order: <i>$status</i></p>"),
    layout=Template("<html><title>$subject</title>$content</html>"),
)
VALUES: Final = {"order": "7", "status": "packed"}


def filled(
    context: dict[str, Any],
    channel: Channel = Channel.EMAIL,
    language: str = "en",
    subject: str | None = None,
) -> Rendered:
    rendered = fill(TEMPLATE, channel, language, context, subject)
    assert isinstance(rendered, Rendered)
    return rendered


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(attrs)


def test_an_email_has_subject_text_and_page() -> None:
    assert filled(VALUES) == Rendered(
        subject="About 7",
        text="Order 7: packed\npacked",
        html="<html><title>About 7</title><p>7: <i>packed</i></p></html>",
        links=(),
    )


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_other_channels_have_the_text_only(channel: Channel) -> None:
    rendered = filled(VALUES, channel, subject="News")

    assert rendered == Rendered(text="Order 7: packed\npacked", links=())


@pytest.mark.parametrize(
    ("value", "words"),
    [("a", "a"), (7, "7"), (1.5, "1.5"), (True, "true"), ([1, "é"], '[1, "é"]')],
)
def test_values_of_all_kinds_become_words(value: object, words: str) -> None:
    assert filled({"order": "-", "status": value}, Channel.SMS).text == f"Order -: {words}\n{words}"


@pytest.mark.parametrize("context", [{}, {"order": None}, {"ORDER": "1"}])
def test_every_missing_name_is_told(context: dict[str, Any]) -> None:
    unfilled = fill(TEMPLATE, Channel.SMS, "en", context, None)

    assert unfilled == Unfilled(missing=("order", "status"))
    assert unfilled.reason == "The template cannot be filled: `context` lacks `order`, `status`."


def test_only_what_is_sent_needs_values() -> None:
    template = MessageTemplate(text=Template("Hi"), subject=Template("$a"), html=Template("Hi"))

    assert isinstance(fill(template, Channel.SMS, "en", {}, None), Rendered)
    assert isinstance(fill(template, Channel.EMAIL, "en", {}, "Hello"), Rendered)
    assert isinstance(fill(template, Channel.EMAIL, "en", {}, None), Unfilled)


def test_values_in_an_arabic_text_keep_their_own_direction_but_links_stay_bare() -> None:
    rendered = filled({"order": "7", "status": "https://a.example.com/x?y=1"}, language="ar")

    assert "Order \u20687\u2069: https://a.example.com/x?y=1\n" in rendered.text
    assert rendered.links == ("https://a.example.com/x?y=1",)


def test_the_fallback_is_plain_text() -> None:
    rendered = fallback(Channel.EMAIL, "See https://a.example.com.", "News\n")

    assert rendered == Rendered(
        subject="News", text="See https://a.example.com.", links=("https://a.example.com",)
    )
    assert fallback(Channel.SMS, "Hi", "News").subject == ""


@given(order=st.text(), status=st.text(), subject=st.none() | st.text(min_size=1))
def test_no_value_adds_a_tag_or_a_line_to_the_subject(
    order: str, status: str, subject: str | None
) -> None:
    rendered = filled({"order": order, "status": status}, subject=subject)

    tags = _Tags()
    tags.feed(rendered.html)
    assert [each for each in tags.tags if each != "html"] == ["title", "p", "i"]
    assert tags.attributes == {}
    assert len(rendered.subject.splitlines()) <= 1
