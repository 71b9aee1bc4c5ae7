"""What a server is started with, gathered from the command line, the environment and a file.

The command line wins over the environment, which wins over `ottu-sandbox.yaml` in the working
directory. Every value is judged wherever it stands, also one that another source overrides.

Source: DESIGN, command line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.domain.errors import SandboxError
from sandbox.domain.setting_changes import InvalidSetting, changed_settings
from sandbox.domain.settings import WorkspaceSettings
from sandbox.options import OPTIONS, PREFIX, Option, WrongValue, switched
from sandbox.settings import ServerSettings

if TYPE_CHECKING:
    import yaml

FILE: Final = "ottu-sandbox.yaml"
_BY_KEY: Final = {option.key: option for option in OPTIONS}
_SHOWN: Final = 60


class InvalidConfiguration(SandboxError):
    """The server cannot be started with these options; each problem names its source."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """An option with a value; `origin` is where a person finds it."""

    option: Option
    text: str
    origin: str


class _Gathering:
    """All that was given, in order of precedence, and all that is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.fields: dict[str, object] = {}
        self.workspace = WorkspaceSettings()

    def take(self, given: _Given) -> None:
        option = given.option
        try:
            if option.later:
                self._refuse_later(given)
            elif option.workspace:
                self.workspace = changed_settings(self.workspace, {option.key: given.text})
            else:
                value = option.read(given.text)
                if option.field:
                    self.fields[option.field] = value
        except WrongValue as wrong:
            self._refuse(given, str(wrong))
        except InvalidSetting as wrong:
            self._refuse(given, wrong.expected.rstrip("."))

    def _refuse_later(self, given: _Given) -> None:
        # A switch that is off asks for nothing.
        if not (given.option.switch and not switched(given.text)):
            self.problems.append(f"{given.origin} comes with a later version of ottu-sandbox.")

    def _refuse(self, given: _Given, expected: str) -> None:
        got = "" if given.option.secret else f", got `{given.text[:_SHOWN]}`"
        self.problems.append(f"{given.origin}: {expected}{got}.")


def gather(
    arguments: Mapping[str, str], environment: Mapping[str, str], folder: Path
) -> ServerSettings:
    """Return the settings that command line, environment and the folder's file ask for.

    `arguments` maps an option's key to its text; an environment variable that is empty is not set.

    Raises:
        InvalidConfiguration: with every unknown name and wrong value.
    """
    gathering = _Gathering()
    for given in (
        *_of_file(folder / FILE, gathering.problems),
        *_of_environment(environment, gathering.problems),
        *_of_arguments(arguments),
    ):
        gathering.take(given)
    if gathering.problems:
        raise InvalidConfiguration(gathering.problems)
    settings = ServerSettings(workspace=gathering.workspace)
    return replace(settings, **gathering.fields)  # type: ignore[arg-type]  # each option reads its field's type


def _of_arguments(arguments: Mapping[str, str]) -> Iterator[_Given]:
    for key, text in arguments.items():
        option = _BY_KEY[key]
        yield _Given(option=option, text=text, origin=option.flag)


def _of_environment(environment: Mapping[str, str], problems: list[str]) -> Iterator[_Given]:
    for name, text in sorted(environment.items()):
        # Variables for scenarios are theirs, whatever their names.
        if not name.startswith(PREFIX) or name.startswith(f"{PREFIX}VAR_") or not text:
            continue
        option = _BY_KEY.get(name.removeprefix(PREFIX).lower())
        if option is None or name != option.variable:
            variables = [each.variable for each in OPTIONS]
            problems.append(_unknown(name, "variable", name, variables))
        else:
            yield _Given(option=option, text=text, origin=name)


def _of_file(file: Path, problems: list[str]) -> Iterator[_Given]:
    """Read the file's keys; a missing file is an empty one."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(f"{file.name}: it cannot be read: {error.strerror}.")
        return
    import yaml  # noqa: PLC0415 - only where there is a file

    try:
        root = yaml.compose(content, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{file.name}:{line}: this is not YAML: {error.problem}.")
        return
    except yaml.YAMLError as error:
        problems.append(f"{file.name}:1: this is not YAML: {str(error).splitlines()[0]}.")
        return
    if isinstance(root, yaml.MappingNode):
        yield from _of_lines(file.name, root, problems)
    elif root is not None and not root.tag.endswith(":null"):
        problems.append(f"{file.name}:1: expected lines such as `port: 9000`.")


def _of_lines(file: str, root: "yaml.MappingNode", problems: list[str]) -> Iterator[_Given]:
    seen: dict[str, int] = {}
    for key, value in root.value:
        line = key.start_mark.line + 1
        name = str(key.value)[:_SHOWN]
        option = _BY_KEY.get(name.replace("-", "_"))
        origin = f"{file}:{line}: `{name}`"
        if option is None:
            problems.append(_unknown(origin, "option", name, list(_BY_KEY)))
        elif option.key in seen:
            problems.append(f"{origin}: stands on line {seen[option.key]} already.")
        elif value.id != "scalar" or value.tag.endswith(":null"):
            problems.append(f"{origin}: expected one value; leave the line out for the default.")
        else:
            seen[option.key] = line
            yield _Given(option=option, text=value.value, origin=origin)


def _unknown(origin: str, kind: str, name: str, known: Sequence[str]) -> str:
    by_form = {each.lower(): each for each in known}
    nearest = get_close_matches(name.lower().replace("-", "_"), by_form, n=1)
    meant = f" Did you mean `{by_form[nearest[0]]}`?" if nearest else ""
    return f"{origin}: there is no such {kind}.{meant}"
