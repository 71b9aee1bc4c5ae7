"""The words of the pages: one table for each language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sandbox.channels.templates import DEFAULT_LANGUAGE, LANGUAGES, spoken_language

_FOLDER: Final = Path(__file__).parent / "languages"
# libyaml is optional in PyYAML, and only faster.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NAMES: Final[Mapping[str, str]] = {"en": "English", "ar": "العربية"}


def read_texts(language: str) -> Mapping[str, Any]:
    """Return the table of a language: names to words, nested by page."""
    text = (_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    return table


def language_of(asked: str | None, own: str) -> str:
    """Return the language of a page: the one asked for by `lang=`, else its own."""
    if asked in LANGUAGES:
        return asked or DEFAULT_LANGUAGE
    return spoken_language(own)
