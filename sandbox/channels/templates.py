"""The texts of messages: one for each channel, language and event, complete or refused.

A source is a mapping from event to its parts: `text`, for email also `subject` and `html`. Beside
the events an email source may have `layout`: the page in which `$content` stands for each `html`.

Source: FACTS 7, DESIGN (control API, message).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Final

from sandbox.domain.errors import SandboxError
from sandbox.domain.events import NOTIFIABLE, Channel, Event

LANGUAGES: Final = ("en", "ar")
RIGHT_TO_LEFT: Final = frozenset({"ar"})
DEFAULT_LANGUAGE: Final = "en"

VALUES: Final = frozenset({"amount", "order", "reference", "link"})
_LAYOUT: Final = "layout"
_LAYOUT_VALUES: Final = VALUES | {"content", "subject"}
PARTS: Final[Mapping[Channel, tuple[str, ...]]] = {
    Channel.EMAIL: ("subject", "text", "html"),
    Channel.SMS: ("text",),
    Channel.WHATSAPP: ("text",),
}
_NOTHING: Final = Template("")
_BARE: Final = Template("$content")


class UnusableTemplates(SandboxError):
    """The message templates are incomplete or cannot be filled in."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The message templates cannot be used:\n{lines}")
        self.problems = problems


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageTemplate:
    """The parts of one message, with `$amount`, `$order`, `$reference` and `$link` to be filled in.

    `subject`, `html` and `layout` are of use to email only.
    """

    text: Template
    subject: Template = _NOTHING
    html: Template = _NOTHING
    layout: Template = _BARE


def spoken_language(asked: str) -> str:
    """Return the language in which a message is written: `ar` for `ar-KW`, English if unknown."""
    primary = asked.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else DEFAULT_LANGUAGE


def template_name(channel: Channel, event: Event, language: str) -> str:
    """Return the name of a template: `payment-paid`, for WhatsApp `payment_paid_en`."""
    if channel is Channel.WHATSAPP:
        return f"payment_{event}_{spoken_language(language)}"
    return f"payment-{event}"


class MessageTemplates:
    """Every template there has to be, by channel, language and event."""

    def __init__(self, sources: Mapping[tuple[Channel, str], object]) -> None:
        """Take the sources, each as read from its file.

        Raises:
            UnusableTemplates: it names all that is missing, unknown or cannot be filled in.
        """
        problems: list[str] = []
        self._templates: dict[tuple[Channel, str, Event], MessageTemplate] = {}
        for channel in Channel:
            for language in LANGUAGES:
                reader = _Reader(channel, f"{channel}.{language}", problems)
                for event, template in reader.read(sources.get((channel, language))):
                    self._templates[channel, language, event] = template
        if problems:
            raise UnusableTemplates(tuple(problems))

    def of(self, channel: Channel, event: Event, language: str) -> MessageTemplate:
        """Return the template of an event that the channel can tell of, in English if need be.

        Raises:
            KeyError: the channel never tells of this event.
        """
        return self._templates[channel, spoken_language(language), event]


class _Reader:
    """Reads the source of one channel and language, and collects what is wrong with it."""

    def __init__(self, channel: Channel, name: str, problems: list[str]) -> None:
        self._channel = channel
        self._name = name
        self._problems = problems

    def read(self, source: object) -> Iterator[tuple[Event, MessageTemplate]]:
        """Yield the template of each event that the channel tells of."""
        entries = self._mapping(source, self._name)
        events = [event for event in Event if event in NOTIFIABLE[self._channel]]
        has_layout = self._channel is Channel.EMAIL
        self._refuse_others(entries, self._name, {*events, *((_LAYOUT,) if has_layout else ())})
        layout = self._layout(entries) if has_layout else _BARE
        for event in events:
            place = f"{self._name}: {event}"
            parts = self._mapping(entries.get(event), place)
            expected = PARTS[self._channel]
            self._refuse_others(parts, place, set(expected) if parts else set())
            # A part that is wrong is already a problem, so what stands in for it is never used.
            filled = {
                part: sound_template(parts.get(part), f"{place}.{part}", VALUES, self._problems)
                for part in (expected if parts else ())
            }
            yield event, MessageTemplate(**{"text": _NOTHING, **filled}, layout=layout)

    def _layout(self, entries: Mapping[object, object]) -> Template:
        if _LAYOUT not in entries:
            return _BARE
        place = f"{self._name}: {_LAYOUT}"
        layout = sound_template(entries[_LAYOUT], place, _LAYOUT_VALUES, self._problems)
        if "content" not in layout.get_identifiers():
            self._problems.append(f"{place} has no $content, so no message would have a body.")
        return layout

    def _mapping(self, value: object, place: str) -> Mapping[object, object]:
        if isinstance(value, Mapping) and value:
            return value
        found = "missing" if value is None else "not a mapping with something in it"
        self._problems.append(f"{place} is {found}.")
        return {}

    def _refuse_others(
        self, entries: Mapping[object, object], place: str, expected: set[str]
    ) -> None:
        self._problems.extend(
            f"{place} has {key!r}, which nothing uses; it may have: {', '.join(sorted(expected))}."
            for key in entries
            if key not in expected
        )


def sound_template(
    value: object, place: str, known: frozenset[str], problems: list[str]
) -> Template:
    """Return a text with its placeholders; one that cannot be filled in adds to the problems."""
    if not isinstance(value, str) or not value.strip():
        problems.append(f"{place} is {'missing' if value is None else 'not a text'}.")
        return _NOTHING
    template = Template(value)
    if not template.is_valid():
        problems.append(f"{place} has a `$` without a name; write `$$` for the sign.")
        return _NOTHING
    unknown = [name for name in template.get_identifiers() if name not in known]
    problems.extend(
        f"{place} has the unknown placeholder ${name}; "
        f"known are {', '.join(f'${each}' for each in sorted(known))}."
        for name in unknown
    )
    return _NOTHING if unknown else template
