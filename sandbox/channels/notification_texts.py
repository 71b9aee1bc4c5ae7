"""The words of a message that is sent from a template by name.

Source: FACTS 7 (send-notification); `context`, `subject` and `body` of `specs/ottu.yaml`.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.channels.rendering import Rendered, isolated, links_of, tamed
from sandbox.channels.templates import MessageTemplate
from sandbox.domain.events import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfilled:
    """The names that the template has a place for and the call gives no value for."""

    missing: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why nothing can be sent, as a sentence."""
        names = ", ".join(f"`{each}`" for each in self.missing)
        return f"The template cannot be filled: `context` lacks {names}."


def fill(
    template: MessageTemplate,
    channel: Channel,
    language: str,
    context: Mapping[str, Any],
    subject: str | None,
) -> Rendered | Unfilled:
    """Fill a template with the values of a call; names that it has no place for are left out.

    `subject` takes the place of the template's.
    """
    email = channel is Channel.EMAIL
    parts = [template.text]
    if email:
        parts.append(template.html)
        if not subject:
            parts.append(template.subject)
    wanted = dict.fromkeys(name for part in parts for name in part.get_identifiers())
    missing = tuple(name for name in wanted if context.get(name) is None)
    if missing:
        return Unfilled(missing=missing)
    values = {name: _words(context[name]) for name in wanted}
    plain = {name: _isolated_lines(value, language) for name, value in values.items()}
    text = template.text.substitute(plain).rstrip("\n")
    if not email:
        return Rendered(text=text, links=links_of(text))
    line = subject or template.subject.substitute(plain)
    title = tamed(line, keep_isolates=not subject).strip()
    escaped = {name: html.escape(value) for name, value in values.items()}
    page = template.layout.substitute(
        subject=html.escape(title), content=template.html.substitute(escaped).rstrip("\n")
    )
    return Rendered(text=text, links=links_of(text), subject=title, html=page)


def fallback(channel: Channel, body: str, subject: str | None) -> Rendered:
    """Return the plain text that is sent where the template cannot be filled."""
    title = tamed(subject or "").strip() if channel is Channel.EMAIL else ""
    return Rendered(text=body, links=links_of(body), subject=title)


def _words(value: object) -> str:
    """Write a value of JSON for people: a text as it is, lists and objects as JSON."""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "\n".join(tamed(line) for line in words.splitlines())


def _isolated_lines(value: str, language: str) -> str:
    # An invisible sign behind an address would become part of it.
    return "\n".join(
        line if links_of(line) == (line,) else isolated(line, language)
        for line in value.split("\n")
    )
