"""Help, versions, what comes later, and what is not there."""

import subprocess

import pytest

from sandbox import __version__
from sandbox.cli import main
from sandbox.options import OPTIONS
from tests.cli.program import CHECKOUT, PROGRAM, environment, run

LATER = ["listen --forward-to http://127.0.0.1:9000", "certify --webhook-url x"]


@pytest.mark.parametrize("command", LATER)
def test_what_comes_later_is_refused_by_name(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(command.split())

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert "comes with a later version of ottu-sandbox" in said.err


@pytest.mark.parametrize(
    "command", ["--help", "serve --help", "scenario --help", "scenario test --help", "demo --help"]
)
def test_help_teaches_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command.split()) == 0
    shown = capsys.readouterr().out
    assert "usage: ottu-sandbox" in shown
    assert len(shown.splitlines()) > 5


def test_help_of_serve_has_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    main(["serve", "--help"])

    shown = capsys.readouterr().out
    assert [option.flag for option in OPTIONS if option.flag not in shown] == []


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ottu-sandbox {__version__}\n"


@pytest.mark.parametrize("command", ["", "scenario", "spec"])
def test_without_a_command_help_is_shown_as_wrong_usage(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(command.split())

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert "usage: ottu-sandbox" in said.err


@pytest.mark.parametrize("command", ["srve", "scenario tset", "spec check", "spec check a b"])
def test_wrong_usage_ends_with_2(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(command.split())

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert "--help" in said.err


def test_the_command_line_starts_without_what_only_a_server_needs() -> None:
    """The start of every command pays for what `sandbox.cli` imports."""
    ended = run("--version", variables={"PYTHONPROFILEIMPORTTIME": "1"})

    imported = {line.rpartition("|")[2].strip() for line in ended.err.splitlines()}
    assert "sandbox.cli" in imported
    assert imported & {"aiohttp", "asyncio", "yaml", "orjson", "jsonschema_rs", "uvloop"} == set()


def test_a_reader_who_has_left_is_no_failure() -> None:
    with subprocess.Popen(
        [*PROGRAM, "scenario", "list"],
        cwd=CHECKOUT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate()

    assert (process.returncode, err) == (0, "")
