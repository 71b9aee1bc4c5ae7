"""What README.md and docs/control-api.md show is what happens: every block is run, in order.

A `sh` block is run by bash, and the block after it, if it is `json` or `text`, is its output; `…`
stands for what was left out. A `python` block that begins with `# receiver.py` is started, and a
`text receiver` block is what it printed since the last one. The tables are compared with the code.
"""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.channels.magic import magic_contacts
from sandbox.contract.checking import Contract
from sandbox.domain.setting_changes import READERS
from sandbox.domain.settings import WorkspaceSettings
from sandbox.options import OPTIONS
from sandbox.resources import specs
from sandbox.web.control.magic import order_numbers
from sandbox.web.control.settings_codec import ONLY, write_settings
from sandbox.web.control.table import CALLS, LATER
from sandbox.web.platform.table import HANDLERS
from tests.cli.program import CHECKOUT, environment, serving

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
CONTROL_API = (CHECKOUT / "docs" / "control-api.md").read_text(encoding="utf-8")
OPTIONS_OF_THE_TOUR = ("--seed", "1", "--clock", "stopped")
BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
# The test starts the sandbox and the receiver itself, and does not test the tests.
NOT_RUN = ("make ", "python3 receiver.py")
PATIENCE = 60.0


class Receiver:
    """The receiver that a page tells its reader to write and start."""

    def __init__(self, code: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        program = folder / "receiver.py"
        program.write_text(code.replace("9000", self.port), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, program], stdout=subprocess.PIPE, text=True, env=environment()
        )
        self._alarm = threading.Timer(PATIENCE, self._process.kill)
        self._alarm.start()
        self._said = self._read(1)  # it listens

    def lines(self, count: int) -> str:
        """Wait for the next lines that it prints."""
        said, self._said = self._said, ""
        return said + self._read(count - said.count("\n"))

    def _read(self, count: int) -> str:
        assert self._process.stdout is not None
        return "".join(self._process.stdout.readline() for _ in range(count))

    def end(self) -> None:
        self._alarm.cancel()
        self._process.kill()
        self._process.communicate()


class Page:
    """One page, followed from top to bottom by a reader with a sandbox of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self._ports = {"8686": url.rpartition(":")[2]}
        self._folder = folder
        self._output: str | None = None
        self._receiver: Receiver | None = None

    def follow(self, page: str) -> None:
        for block in BLOCK.finditer(page):
            kind, text = block["kind"], block["text"]
            if kind == "sh":
                self._output = self._run(text)
            elif kind == "python" and text.startswith("# receiver.py"):
                self._receiver = Receiver(text, self._folder)
                self._ports["9000"] = self._receiver.port
            elif kind == "text receiver" and self._receiver is not None:
                check(text, self._as_shown(self._receiver.lines(text.count("\n"))), "the receiver")
            elif kind in ("json", "text") and self._output is not None:
                check(text, self._output, page[: block.start()].rpartition("```sh")[2])
                self._output = None

    def end(self) -> None:
        if self._receiver is not None:
            self._receiver.end()

    def _run(self, script: str) -> str | None:
        if script.startswith(NOT_RUN):
            return None
        for shown, real in self._ports.items():
            script = script.replace(f"127.0.0.1:{shown}", f"127.0.0.1:{real}")
        script = script.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        ended = subprocess.run(
            ["bash", "-euc", script],  # noqa: S607 - bash has no fixed place
            cwd=CHECKOUT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return self._as_shown(ended.stdout)

    def _as_shown(self, text: str) -> str:
        for shown, real in self._ports.items():
            text = text.replace(f"127.0.0.1:{real}", f"127.0.0.1:{shown}")
        return text


def check(shown: str, real: str, source: str) -> None:
    """Compare what a page shows with what came, where `…` stands for anything."""
    real = real.strip()
    first, *others = (part.strip() for part in shown.split("…"))
    assert real.startswith(first) if others else real == first, (source, real)
    position = len(first)
    for part in others:
        found = real.find(part, position)
        assert found >= 0, (source, part, real)
        position = found + len(part)
    assert not others or real.endswith(others[-1]), (source, others[-1], real)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Page]:
    with serving(*OPTIONS_OF_THE_TOUR) as server:
        page = Page(server.url, tmp_path)
        yield page
        page.end()


@pytest.mark.parametrize("page", [README, CONTROL_API], ids=["README.md", "docs/control-api.md"])
def test_every_command_of_the_page_answers_as_it_shows(reader: Page, page: str) -> None:
    reader.follow(page)


def test_the_pytest_example_is_the_one_that_runs() -> None:
    program = (CHECKOUT / "examples" / "pytest" / "test_shop.py").read_text(encoding="utf-8")
    shown = README.partition("\n## In pytest\n")[2].partition("\n## ")[0]
    excerpts = [block["text"] for block in BLOCK.finditer(shown) if block["kind"] == "python"]

    assert excerpts
    assert all(each in program for each in excerpts)


def rows(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table is not None, heading
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_table_of_options_is_that_of_the_program() -> None:
    expected = [
        [
            f"`{option.flag}{f' {option.metavar}' if option.metavar else ''}`".replace("|", r"\|"),
            option.default,
            option.help,
        ]
        for option in OPTIONS
        if not option.later
    ]

    assert rows(README, "Options of `serve`") == expected


def test_the_options_that_are_refused_are_named() -> None:
    line = re.search(r"^- Options: .*$", README, re.MULTILINE)

    assert line is not None
    assert set(re.findall(r"`--([a-z-]+)`", line[0])) == {
        option.name for option in OPTIONS if option.later
    }


def test_the_tables_of_magic_values_are_those_of_the_sandbox() -> None:
    contacts = {
        f"`{row.address_of_some.replace('+any', '')}`": f"{row.code} {row.meaning}"
        for row in magic_contacts()
    }

    assert rows(README, "Magic values") == [
        [f"`{each['contains']}`", each["effect"]] for each in order_numbers()
    ]
    shown = dict(row[:2] for row in rows(README, "Magic contacts"))
    assert shown.items() == contacts.items()


def test_the_table_of_settings_is_that_of_the_sandbox() -> None:
    shown = {row[0].strip("`"): row[1] for row in rows(README, "Settings")}
    written = write_settings(WorkspaceSettings())

    assert set(shown) == set(READERS) | set(ONLY)
    assert shown == {name: default(name, value) for name, value in written.items()}


def default(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    told = {
        "channels": "all configured",
        "public_key_calls": "what a payer's page calls",
        "webhook_user_agent": "a Chrome browser's",
    }
    if name in told:
        return told[name]
    words: Mapping[object, str] = {None: "none", True: "true", False: "false"}
    if isinstance(value, list):
        return "none" if not value else str(value)
    return words[value] if value is None or isinstance(value, bool) else f"`{value}`"


def calls_in(page: str, heading: str = "Not there yet") -> set[str]:
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", section))


def test_the_calls_that_are_not_there_yet_are_named() -> None:
    contract = Contract.load(specs() / "ottu.yaml")
    missing = {key for key in contract.operations if key not in HANDLERS}

    assert calls_in(README) == missing


def test_every_call_of_the_control_api_is_described() -> None:
    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", CONTROL_API))

    assert named >= set(CALLS) - set(LATER)
    assert calls_in(CONTROL_API) == set(LATER)
