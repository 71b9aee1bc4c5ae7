"""Reads the file of `--credentials`: who may call. All mistakes are told at once, no secret ever.

Source: FACTS 2, DESIGN (workspaces and credentials); docs/credentials.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import yaml

from sandbox.contract.formats import is_email
from sandbox.domain.credentials import (
    CredentialList,
    ListedClient,
    ListedKey,
    ListedUser,
    Permission,
    Permissions,
)
from sandbox.domain.errors import SandboxError
from sandbox.web.authority import SERVICE_ACCOUNT
from sandbox.web.credentials import WORKSPACE_NAME, split_name

_KEY: Final = re.compile(r"[!-~]+")
_NAME: Final = re.compile(r"[\w.@+-]{1,150}", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_LONGEST_EMAIL: Final = 254
_LONGEST_NAME: Final = 32
_SCHEMES: Final = ("api-key", "basic", "bearer", "token")
# The published API document has another name for it than the documentation (FACTS 2).
_ALSO: Final = {"report.view_report": Permission.VIEW_REPORTS}
_PERMISSIONS: Final = {**{each.value: each for each in Permission}, **_ALSO}
_SHOWN: Final = 60


class InvalidCredentials(SandboxError):
    """The file of credentials has mistakes; each problem names file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_credentials(file: Path) -> CredentialList:
    """Return who may call.

    Raises:
        InvalidCredentials: the file cannot be read, or has mistakes: all of them.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidCredentials([f"{file}: the file cannot be read: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise InvalidCredentials([f"{file}:1: the file is not UTF-8."]) from None
    return read_credentials(text, source=file.name)


def read_credentials(text: str, *, source: str = "credentials.yaml") -> CredentialList:
    """Return who may call, by a YAML text; `source` names it in problems.

    Raises:
        InvalidCredentials: with every mistake.
    """
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = 1 if error.problem_mark is None else error.problem_mark.line + 1
        raise InvalidCredentials([f"{source}:{line}: this is not YAML: {error.problem}."]) from None
    except yaml.YAMLError:
        raise InvalidCredentials([f"{source}:1: this is not YAML."]) from None
    reading = _Reading()
    listed = reading.read(root)
    if reading.problems:
        told = sorted(reading.problems, key=lambda each: each[0])
        raise InvalidCredentials([f"{source}:{line}: {problem}" for line, problem in told])
    return listed


class _Reading:
    """One pass over the file; what is wrong is collected with its line."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self._keys: dict[str, ListedKey] = {}
        self._users: dict[str, ListedUser] = {}
        self._clients: dict[str, ListedClient] = {}
        self._lines: dict[tuple[str, str], int] = {}

    def read(self, root: yaml.Node | None) -> CredentialList:
        sections: dict[str, Callable[[_Fields], None]] = {
            "api_keys": lambda fields: self._key(fields, is_public=False),
            "public_keys": lambda fields: self._key(fields, is_public=True),
            "users": self._user,
            "clients": self._client,
        }
        if root is None or root.tag.endswith(":null"):
            self.problems.append((1, f"the file is empty: it takes {_listed(sections)}."))
        elif not isinstance(root, yaml.MappingNode):
            self.problems.append((_line(root), f"expected {_listed(sections)}, each with a list."))
        else:
            for name, (_, value) in _Fields(root, sections, self.problems).values.items():
                for entry in self._entries(name, value):
                    sections[name](entry)
        return CredentialList(keys=self._keys, users=self._users, clients=self._clients)

    def _entries(self, section: str, value: yaml.Node) -> "Iterator[_Fields]":
        if value.tag.endswith(":null"):
            return
        if not isinstance(value, yaml.SequenceNode):
            self.problems.append(
                (_line(value), f"`{section}` is a list: begin each item with `- `.")
            )
            return
        known = _ENTRIES[section]
        for entry in value.value:
            if isinstance(entry, yaml.MappingNode):
                yield _Fields(entry, known, self.problems)
            else:
                self.problems.append(
                    (
                        _line(entry),
                        f"an item of `{section}` has {_listed(known)}, each with a value.",
                    )
                )

    def _key(self, fields: "_Fields", *, is_public: bool) -> None:
        key = fields.text(
            "key", _key_text, "the key alone, visible ASCII without spaces or scheme word"
        )
        workspace = fields.workspace()
        if key is not None and self._is_new("key", key, fields.line_of("key")):
            self._keys[key] = ListedKey(is_public=is_public, workspace=workspace)

    def _user(self, fields: "_Fields") -> None:
        name = fields.text("username", _own_name, _NAME_EXPECTED)
        password = fields.text("password", _secret, "a text of one line")
        number = fields.number("id")
        email = fields.text("email", _email, "an email address", required=False)
        first = fields.text("first_name", _person, _PERSON_EXPECTED, required=False)
        last = fields.text("last_name", _person, _PERSON_EXPECTED, required=False)
        permissions = fields.permissions()
        workspace = fields.workspace()
        if number is not None:
            self._is_new("id", str(number), fields.line_of("id"))
        if name is None or not self._is_new("username", name, fields.line_of("username")):
            return
        self._users[name] = ListedUser(
            username=name,
            password=password or "",
            permissions=permissions,
            workspace=workspace,
            id=number,
            email=email,
            first_name=first,
            last_name=last,
        )

    def _client(self, fields: "_Fields") -> None:
        client_id = fields.text("client_id", _own_name, _NAME_EXPECTED)
        secret = fields.text("secret", _secret, "a text of one line")
        permissions = fields.permissions()
        workspace = fields.workspace()
        if client_id is None or not self._is_new(
            "client_id", client_id, fields.line_of("client_id")
        ):
            return
        self._clients[client_id] = ListedClient(
            client_id=client_id, secret=secret or "", permissions=permissions, workspace=workspace
        )

    def _is_new(self, name: str, value: str, line: int) -> bool:
        before = self._lines.setdefault((name, value), line)
        if before != line:
            self.problems.append((line, f"the same `{name}` stands on line {before} already."))
        return before == line


class _Fields:
    """The names and values of one mapping; unknown and repeated names are problems."""

    def __init__(
        self, node: yaml.MappingNode, known: Mapping[str, object], problems: list[tuple[int, str]]
    ) -> None:
        self.line = _line(node)
        self.values: dict[str, tuple[int, yaml.Node]] = {}
        self._problems = problems
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                self._tell(_line(key), f"unknown name{_shown(name)}. {_meant(name, known)}")
            elif name in self.values:
                self._tell(_line(key), f"`{name}` stands on line {self.values[name][0]} already.")
            else:
                self.values[name] = (_line(key), value)

    def line_of(self, name: str) -> int:
        return self.values[name][0]

    def text(
        self,
        name: str,
        fits: Callable[[str], bool],
        expected: str,
        *,
        required: bool = True,
    ) -> str | None:
        """Return a text; what is wrong with it is told without the text."""
        if name not in self.values:
            if required:
                self._tell(self.line, f"`{name}` is missing: {expected}.")
            return None
        line, value = self.values[name]
        if not isinstance(value, yaml.ScalarNode) or value.tag.endswith(":null"):
            self._tell(line, f"`{name}`: expected {expected}.")
        elif not value.tag.endswith(":str"):
            self._tell(
                line, f"`{name}`: YAML takes this for something other than a text; quote it."
            )
        elif not fits(value.value):
            self._tell(line, f"`{name}`: expected {expected}.")
        else:
            return str(value.value)
        return None

    def number(self, name: str) -> int | None:
        if name not in self.values:
            return None
        line, value = self.values[name]
        if isinstance(value, yaml.ScalarNode) and _NUMBER.fullmatch(value.value):
            return int(value.value)
        self._tell(line, f"`{name}`: expected a whole number from 1, of at most 9 digits.")
        return None

    def workspace(self) -> str | None:
        return self.text(
            "workspace",
            lambda text: WORKSPACE_NAME.fullmatch(text) is not None,
            "1 to 64 letters, digits, `-` or `_`",
            required=False,
        )

    def permissions(self) -> Permissions:
        """Return what is allowed; without the name nothing is."""
        line, value = self.values.get("permissions", (0, None))
        if value is None:
            return frozenset()
        if not isinstance(value, yaml.SequenceNode):
            self._tell(
                line, "`permissions`: expected a list, such as `[payment.refund]`; `[]` for none."
            )
            return frozenset()
        given = set()
        for each in value.value:
            name = each.value if isinstance(each, yaml.ScalarNode) else ""
            if name in _PERMISSIONS:
                given.add(_PERMISSIONS[name])
            else:
                self._tell(
                    _line(each), f"unknown permission{_shown(name)}. {_meant(name, _PERMISSIONS)}"
                )
        return frozenset(given)

    def _tell(self, line: int, problem: str) -> None:
        self._problems.append((line, problem))


_KEY_FIELDS: Final = dict.fromkeys(("key", "workspace"))
_ENTRIES: Final[Mapping[str, Mapping[str, object]]] = {
    "api_keys": _KEY_FIELDS,
    "public_keys": _KEY_FIELDS,
    "users": dict.fromkeys(
        (
            *("username", "password", "permissions", "workspace"),
            *("id", "email", "first_name", "last_name"),
        )
    ),
    "clients": dict.fromkeys(("client_id", "secret", "permissions", "workspace")),
}
_NAME_EXPECTED: Final = (
    "1 to 150 letters, digits or `@ . + - _`; a workspace goes into `workspace`, not after an `@`"
)
_PERSON_EXPECTED: Final = f"a name of at most {_LONGEST_NAME} letters"


def _key_text(text: str) -> bool:
    # With the scheme word there is a space in it, which the header would not carry as a key.
    return _KEY.fullmatch(text) is not None and text.lower() not in _SCHEMES


def _own_name(text: str) -> bool:
    is_name = _NAME.fullmatch(text) is not None
    return is_name and split_name(text)[1] is None and not text.startswith(SERVICE_ACCOUNT)


def _secret(text: str) -> bool:
    return bool(text) and text.isprintable()


def _email(text: str) -> bool:
    return len(text) <= _LONGEST_EMAIL and is_email(text)


def _person(text: str) -> bool:
    return bool(text.strip()) and len(text) <= _LONGEST_NAME and text.isprintable()


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _shown(name: str) -> str:
    """Return a name in quotes, unless it is none: a secret may stand where a name should."""
    usable = re.fullmatch(r"[a-z][a-z_.]*", name) and len(name) <= _SHOWN
    return f" `{name}`" if usable else ""


def _meant(name: str, known: Mapping[str, object]) -> str:
    nearest = get_close_matches(name.lower().replace("-", "_"), known, n=1)
    return f"Did you mean `{nearest[0]}`?" if nearest else f"Known are {_listed(known)}."


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in names)
