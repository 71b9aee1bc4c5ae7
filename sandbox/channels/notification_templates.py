"""Templates that a merchant sends by name, without any transaction.

A template is one file, named after its id. It has for each of its channels and languages the parts
of one message: `text`, for email also `subject` and `html`. `$name` stands for a value of the call;
`variables` lists all such names. The file `layout.yaml` has for each language the page in which
`$content` stands for each `html`.

Source: FACTS 7 (send-notification); `specs/templates/notifications/`, which a user may edit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Final

from sandbox.channels.templates import LANGUAGES, PARTS, MessageTemplate, sound_template
from sandbox.domain.events import Channel

LAYOUT: Final = "layout"
_LAYOUT_VALUES: Final = frozenset({"content", "subject"})
_VARIABLES: Final = "variables"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoTemplate:
    """Why there is nothing to send, as a sentence."""

    reason: str


class NotificationTemplates:
    """Every template that may be sent by name."""

    def __init__(
        self, templates: Mapping[tuple[str, Channel, str], MessageTemplate] | None = None
    ) -> None:
        self._templates = dict(templates or {})

    def find(
        self, template_id: str, channel: Channel, language: str
    ) -> MessageTemplate | NoTemplate:
        """Return the template of this id for a channel, in exactly this language."""
        found = self._templates.get((template_id, channel, language))
        if found is not None:
            return found
        ids = sorted({each for each, _, _ in self._templates})
        if template_id not in ids:
            listed = ", ".join(f"`{each}`" for each in ids)
            return NoTemplate(
                reason=f"No template is named `{template_id}`. These are: {listed or 'none'}."
            )
        channels = sorted({by for each, by, _ in self._templates if each == template_id})
        if channel not in channels:
            return NoTemplate(
                reason=f"The template `{template_id}` is not one for {channel}; "
                f"it is for {', '.join(channels)}."
            )
        return NoTemplate(reason=f"The template `{template_id}` has no text in `{language}`.")


def templates_of(sources: Mapping[str, object], problems: list[str]) -> NotificationTemplates:
    """Return the templates of these sources, given by id; what is wrong adds to the problems."""
    entries = {
        template_id: _mapping(source, template_id, problems)
        for template_id, source in sources.items()
    }
    layouts = _layouts(entries.pop(LAYOUT, {}), problems)
    return NotificationTemplates(
        {
            (template_id, channel, language): template
            for template_id, source in entries.items()
            for channel, language, template in _read(template_id, source, layouts, problems)
        }
    )


def _layouts(source: Mapping[object, object], problems: list[str]) -> Mapping[str, Template]:
    layouts = {}
    for language in LANGUAGES:
        place = f"{LAYOUT}: {language}"
        layout = sound_template(source.get(language), place, _LAYOUT_VALUES, problems)
        if layout.template and "content" not in layout.get_identifiers():
            problems.append(f"{place} has no $content, so no message would have a body.")
        layouts[language] = layout
    return layouts


def _read(
    template_id: str,
    source: Mapping[object, object],
    layouts: Mapping[str, Template],
    problems: list[str],
) -> Iterator[tuple[Channel, str, MessageTemplate]]:
    """Yield each text of one template, and collect what is wrong with it."""
    _refuse_others(source, template_id, {_VARIABLES, *Channel}, problems)
    known = _variables(source.get(_VARIABLES), template_id, problems)
    channels = [each for each in Channel if each in source]
    if source and not channels:
        problems.append(f"{template_id} has no channel; it may have: {', '.join(Channel)}.")
    for channel in channels:
        place = f"{template_id}: {channel}"
        texts = _mapping(source[channel], place, problems)
        _refuse_others(texts, place, set(LANGUAGES), problems)
        for language in LANGUAGES:
            if language not in texts:
                continue
            inner = f"{place}.{language}"
            parts = _mapping(texts[language], inner, problems)
            _refuse_others(parts, inner, set(PARTS[channel]), problems)
            filled = {
                part: sound_template(parts.get(part), f"{inner}.{part}", known, problems)
                for part in PARTS[channel]
            }
            yield channel, language, MessageTemplate(**filled, layout=layouts[language])


def _variables(value: object, template_id: str, problems: list[str]) -> frozenset[str]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    problems.append(f"{template_id}: {_VARIABLES} is not a list of names.")
    return frozenset()


def _mapping(value: object, place: str, problems: list[str]) -> Mapping[object, object]:
    if isinstance(value, Mapping) and value:
        return value
    problems.append(f"{place} is not a mapping with something in it.")
    return {}


def _refuse_others(
    entries: Mapping[object, object], place: str, expected: set[str], problems: list[str]
) -> None:
    problems.extend(
        f"{place} has {key!r}, which nothing uses; it may have: {', '.join(sorted(expected))}."
        for key in entries
        if key not in expected
    )
