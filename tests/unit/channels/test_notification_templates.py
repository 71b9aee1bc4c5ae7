"""Templates sent by name: complete as shipped, and an edit that breaks one is named."""

from pathlib import Path
from typing import Final

import pytest

from sandbox.channels.catalog import read_notification_templates
from sandbox.channels.notification_templates import NoTemplate, NotificationTemplates
from sandbox.channels.templates import LANGUAGES, MessageTemplate, UnusableTemplates
from sandbox.domain.events import Channel

SHIPPED: Final = Path(__file__).parents[3] / "specs" / "templates" / "notifications"
LAYOUT: Final = "en: <p>$content</p>\nar: <p>$content</p>\n"
GREETING: Final = """
variables: [name]
sms:
  en: {text: "Hello $name"}
"""


def read(**files: str) -> NotificationTemplates:
    sources = {"layout": LAYOUT, **files}
    return read_notification_templates({f"{name}.yaml": text for name, text in sources.items()})


def problems_of(**files: str) -> tuple[str, ...]:
    with pytest.raises(UnusableTemplates) as refused:
        read(**files)
    return refused.value.problems


def shipped() -> NotificationTemplates:
    return read_notification_templates(
        {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.iterdir()}
    )


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["communication-notification-{}", "payment-reminder"])
def test_the_shipped_templates_are_there_in_both_languages(
    channel: Channel, language: str, name: str
) -> None:
    template = shipped().find(name.format(channel), channel, language)

    assert isinstance(template, MessageTemplate)
    assert bool(template.html.template) is (channel is Channel.EMAIL)


@pytest.mark.parametrize(
    ("template_id", "channel", "language", "reason"),
    [
        ("greting", Channel.SMS, "en", "No template is named `greting`. These are: `greeting`."),
        ("greeting", Channel.EMAIL, "en", "not one for email; it is for sms."),
        ("greeting", Channel.SMS, "ar", "has no text in `ar`."),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    template_id: str, channel: Channel, language: str, reason: str
) -> None:
    found = read(greeting=GREETING).find(template_id, channel, language)

    assert isinstance(found, NoTemplate)
    assert reason in found.reason


def test_without_any_template_none_is_found() -> None:
    found = NotificationTemplates().find("greeting", Channel.SMS, "en")

    assert found == NoTemplate(reason="No template is named `greeting`. These are: none.")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("[]", "greeting is not a mapping with something in it."),
        ("a: [", "greeting.yaml is not YAML: "),
        ("sms: {en: {text: hi}}", "greeting: variables is not a list of names."),
        ("variables: []", "greeting has no channel; it may have: "),
        ("variables: []\nfax: {}", "greeting has 'fax', which nothing uses; it may have: "),
        ("variables: []\nsms: {}", "greeting: sms is not a mapping with something in it."),
        ("variables: []\nsms: {fr: {text: a}}", "greeting: sms has 'fr', which nothing uses"),
        ("variables: []\nsms: {en: {html: a}}", "greeting: sms.en has 'html', which nothing uses"),
        ("variables: []\nsms: {en: {text: ''}}", "greeting: sms.en.text is not a text."),
        ("variables: []\nsms: {en: {text: $1}}", "greeting: sms.en.text has a `$` without a name"),
        (
            "variables: [name]\nsms: {en: {text: $nmae}}",
            "greeting: sms.en.text has the unknown placeholder $nmae; known are $name.",
        ),
        (
            "variables: []\nemail: {en: {text: a, subject: b}}",
            "greeting: email.en.html is missing.",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_the_place(source: str, problem: str) -> None:
    assert any(each.startswith(problem) for each in problems_of(greeting=source))


@pytest.mark.parametrize(
    ("layout", "problem"),
    [
        ("en: $content", "layout: ar is missing."),
        ("en: a\nar: $content", "layout: en has no $content, so no message would have a body."),
        ("en: $content $order\nar: $content", "layout: en has the unknown placeholder $order"),
    ],
)
def test_a_layout_that_cannot_be_used_is_named(layout: str, problem: str) -> None:
    assert any(each.startswith(problem) for each in problems_of(layout=layout, greeting=GREETING))


def test_a_file_of_another_kind_is_named() -> None:
    with pytest.raises(UnusableTemplates, match=r"notes\.txt is not the name of a template file"):
        read_notification_templates({"layout.yaml": LAYOUT, "notes.txt": ""})
