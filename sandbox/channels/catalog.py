"""Template files, already read from disk, turned into message templates.

A file is named after its channel and language, as `email.en.yaml`; one of a template that is sent
by name, after its id.

Source: `specs/templates/`, which a user may edit.
"""

from collections.abc import Mapping
from typing import Final

import yaml

from sandbox.channels.notification_templates import NotificationTemplates, templates_of
from sandbox.channels.templates import LANGUAGES, MessageTemplates, UnusableTemplates
from sandbox.domain.events import Channel

# libyaml is optional in PyYAML, and only faster.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SUFFIX: Final = ".yaml"
TEMPLATE_FILES: Final[Mapping[str, tuple[Channel, str]]] = {
    f"{channel}.{language}.yaml": (channel, language)
    for channel in Channel
    for language in LANGUAGES
}


def read_templates(files: Mapping[str, str]) -> MessageTemplates:
    """Return the templates of these files, given by name with their content.

    Raises:
        UnusableTemplates: it names all files and entries that are missing or wrong.
    """
    problems = [
        f"{name} is not the name of a template file; these are: {', '.join(TEMPLATE_FILES)}."
        for name in files
        if name not in TEMPLATE_FILES
    ]
    sources: dict[tuple[Channel, str], object] = {}
    for name, place in TEMPLATE_FILES.items():
        if name not in files:
            problems.append(f"The file {name} is missing.")
            continue
        sources[place] = _parsed(name, files[name], problems)
    if problems:
        raise UnusableTemplates(tuple(problems))
    return MessageTemplates(sources)


def read_notification_templates(files: Mapping[str, str]) -> NotificationTemplates:
    """Return the templates that are sent by name, of these files, given by name with their content.

    Raises:
        UnusableTemplates: it names all that is missing or wrong.
    """
    problems: list[str] = []
    sources: dict[str, object] = {}
    for name in sorted(files):
        if not name.endswith(_SUFFIX):
            problems.append(f"{name} is not the name of a template file; it ends in {_SUFFIX}.")
            continue
        sources[name.removesuffix(_SUFFIX)] = _parsed(name, files[name], problems)
    if problems:
        raise UnusableTemplates(tuple(problems))
    templates = templates_of(sources, problems)
    if problems:
        raise UnusableTemplates(tuple(problems))
    return templates


def _parsed(name: str, content: str, problems: list[str]) -> object:
    try:
        source: object = yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        problems.append(f"{name} is not YAML: {' '.join(str(error).split())}")
        return None
    return source
