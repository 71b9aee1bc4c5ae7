"""Templates are complete before the first message, and an edit that breaks one is named."""

from collections.abc import Callable

import pytest

from sandbox.channels.catalog import TEMPLATE_FILES, read_templates
from sandbox.channels.templates import (
    LANGUAGES,
    MessageTemplates,
    UnusableTemplates,
    spoken_language,
    template_name,
)
from sandbox.domain.events import NOTIFIABLE, Channel, Event
from tests.unit.channels.payments import shipped_files, shipped_templates


def problems_of(files: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(UnusableTemplates) as refused:
        read_templates(files)
    assert all(problem in str(refused.value) for problem in refused.value.problems)
    return refused.value.problems


def edited(name: str, change: Callable[[str], str]) -> dict[str, str]:
    files = shipped_files()
    before = files[name]
    files[name] = change(before)
    assert files[name] != before
    return files


def test_the_shipped_files_have_every_text_that_a_channel_can_need() -> None:
    templates = shipped_templates()

    for channel in Channel:
        for language in LANGUAGES:
            for event in NOTIFIABLE[channel]:
                template = templates.of(channel, event, language)
                assert template.text.template
                assert bool(template.html.template) is (channel is Channel.EMAIL)
                assert bool(template.subject.template) is (channel is Channel.EMAIL)


def test_no_other_files_are_shipped() -> None:
    assert shipped_files().keys() == TEMPLATE_FILES.keys()


@pytest.mark.parametrize("event", sorted(set(Event) - NOTIFIABLE[Channel.WHATSAPP]))
def test_whatsapp_has_no_text_for_what_it_never_tells(event: Event) -> None:
    templates = shipped_templates()

    with pytest.raises(KeyError):
        templates.of(Channel.WHATSAPP, event, "en")


@pytest.mark.parametrize("name", sorted(TEMPLATE_FILES))
def test_a_missing_file_is_named(name: str) -> None:
    files = shipped_files()
    del files[name]

    assert problems_of(files) == (f"The file {name} is missing.",)


def test_a_file_of_another_name_is_named() -> None:
    (problem,) = problems_of({**shipped_files(), "email.fr.yaml": ""})

    assert problem.startswith("email.fr.yaml is not the name of a template file")


def test_a_file_that_is_not_yaml_is_named_with_the_line() -> None:
    (problem,) = problems_of({**shipped_files(), "sms.en.yaml": "paid:\n  text: [\n"})

    assert problem.startswith("sms.en.yaml is not YAML")
    assert "line 3" in problem


@pytest.mark.parametrize("content", ["", "[]", "just words", "{}"])
def test_a_file_without_entries_says_so_and_names_each_missing_one(content: str) -> None:
    problems = problems_of({**shipped_files(), "whatsapp.ar.yaml": content})

    assert problems[0].startswith("whatsapp.ar is ")
    assert set(problems[1:]) == {
        f"whatsapp.ar: {event} is missing." for event in NOTIFIABLE[Channel.WHATSAPP]
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("sms.en.yaml", "paid:", "payed:", "sms.en: paid is missing."),
        ("sms.en.yaml", "paid:", "payed:", "sms.en has 'payed', which nothing uses"),
        ("email.en.yaml", "  subject: Refund ", "  topic: ", "email.en: refunded.subject is miss"),
        ("email.en.yaml", "  subject: Refund ", "  topic: ", "email.en: refunded has 'topic'"),
        ("email.en.yaml", "Thank you", "Thank $you", "email.en: paid.text has the unknown pla"),
        ("email.en.yaml", "Thank you", "Thank $you", "email.en: paid.html has the unknown pla"),
        ("sms.ar.yaml", "ادفع $amount", "ادفع $amuont", "sms.ar: created.text has the unknown"),
        ("sms.en.yaml", "Thank you", "2 $ off", "sms.en: paid.text has a `$` without a name"),
        ("email.en.yaml", "$content", "", "email.en: layout has no $content"),
        ("email.en.yaml", "<title>$subject", "<title>$title", "email.en: layout has the unknown"),
        ("email.en.yaml", "<p>We have received", "<p>$content", "email.en: paid.html has the unk"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(
    name: str, old: str, new: str, problem: str
) -> None:
    problems = problems_of(edited(name, lambda text: text.replace(old, new)))

    assert [found for found in problems if found.startswith(problem)]


def test_an_unknown_placeholder_is_answered_with_the_known_ones() -> None:
    (problem,) = problems_of(edited("sms.en.yaml", lambda text: text.replace("Thank you", "$you")))

    assert problem == (
        "sms.en: paid.text has the unknown placeholder $you; "
        "known are $amount, $link, $order, $reference."
    )


def test_whatsapp_may_not_be_given_a_text_that_it_never_sends() -> None:
    files = edited("whatsapp.en.yaml", lambda text: text + "\nrefunded:\n  text: Refunded.\n")

    (problem,) = problems_of(files)
    assert problem.startswith("whatsapp.en has 'refunded', which nothing uses")


def test_all_mistakes_are_named_together() -> None:
    files = edited("sms.en.yaml", lambda text: text.replace("Thank you", "$you"))
    files["sms.ar.yaml"] = files["sms.ar.yaml"].replace("paid:", "payed:")

    assert len(problems_of(files)) == 3


@pytest.mark.parametrize("value", [7, None, "", "  ", ["text"]])
def test_a_part_that_is_no_text_is_named(value: object) -> None:
    with pytest.raises(UnusableTemplates) as refused:
        MessageTemplates({(Channel.SMS, "en"): {"paid": {"text": value}}})

    found = [each for each in refused.value.problems if each.startswith("sms.en: paid.text is ")]
    assert len(found) == 1


def test_an_email_source_needs_no_layout() -> None:
    def without_layout(text: str) -> str:
        return text[text.index("created:") :]

    templates = read_templates(edited("email.en.yaml", without_layout))

    assert templates.of(Channel.EMAIL, Event.PAID, "en").layout.template == "$content"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("en", "en"), ("ar", "ar"), ("AR", "ar"), ("ar-KW", "ar"), ("ar_KW", "ar"), ("fr", "en")],
)
def test_a_language_without_texts_is_answered_in_english(asked: str, spoken: str) -> None:
    assert spoken_language(asked) == spoken


def test_only_whatsapp_names_a_template_for_each_language() -> None:
    assert template_name(Channel.EMAIL, Event.CREATED, "ar") == "payment-created"
    assert template_name(Channel.SMS, Event.REFUNDED, "en") == "payment-refunded"
    assert template_name(Channel.WHATSAPP, Event.PAID, "en") == "payment_paid_en"
    assert template_name(Channel.WHATSAPP, Event.PAID, "ar-KW") == "payment_paid_ar"
