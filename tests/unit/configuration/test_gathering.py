"""What the server is started with, from the command line, the environment and a file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.configuration import InvalidConfiguration, gather
from sandbox.domain.settings import GatewayPolicy, LimitMode, ValidationMode
from sandbox.options import OPTIONS
from sandbox.settings import ServerSettings


def problems_of(
    folder: Path,
    arguments: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return what is wrong; nothing when the settings can be used."""
    try:
        gather(arguments or {}, environment or {}, folder)
    except InvalidConfiguration as error:
        return error.problems
    return ()


def write(folder: Path, text: str) -> None:
    (folder / "ottu-sandbox.yaml").write_text(text, encoding="utf-8")


def test_nothing_given_means_the_defaults(tmp_path: Path) -> None:
    assert gather({}, {"PATH": "/bin"}, tmp_path) == ServerSettings()


def test_the_defaults_that_help_tells_are_the_real_ones(tmp_path: Path) -> None:
    told = {
        option.key: option.default
        for option in OPTIONS
        if option.default and " " not in option.default
    }

    assert gather(told, {}, tmp_path) == ServerSettings()
    assert told.keys() >= {"host", "port", "clock", "webhook_key", "gateways", "limits"}


def test_every_option_of_the_command_line_counts(tmp_path: Path) -> None:
    settings = gather(
        {
            "host": "0.0.0.0",  # noqa: S104
            "port": "9000",
            "public_url": "https://pay.example.com/sandbox/",
            "spec": "platform.yaml",
            "scenarios": "stories",
            "clock": "stopped",
            "seed": "7",
            "webhook_url": "http://127.0.0.1:9001/hook",
            "webhook_key": "k",
            "credentials": "callers.yaml",
            "gateways": "listed",
            "control_token": "t",
            "control": "open",
            "validation": "strict",
            "validator": "reference",
            "limits": "enforce",
            "no_magic": "true",
        },
        {},
        tmp_path,
    )

    assert (settings.host, settings.port) == ("0.0.0.0", 9000)  # noqa: S104
    assert settings.public_url == "https://pay.example.com/sandbox"
    assert (settings.spec, settings.scenarios) == (Path("platform.yaml"), Path("stories"))
    assert settings.credentials == Path("callers.yaml")
    assert settings.clock.stopped_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (settings.seed, settings.validator, settings.magic) == (7, "reference", False)
    assert (settings.control_token, settings.control_open) == ("t", True)
    workspace = settings.workspace
    assert (workspace.webhook_url, workspace.webhook_key) == ("http://127.0.0.1:9001/hook", "k")
    assert workspace.gateways is GatewayPolicy.LISTED
    assert workspace.validation is ValidationMode.STRICT
    assert workspace.limits is LimitMode.ENFORCE


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, "port: 1\nseed: 1\nhost: file.example.com\nwebhook-key: of-the-file\n")
    environment = {"OTTU_SANDBOX_PORT": "2", "OTTU_SANDBOX_SEED": "2"}

    settings = gather({"port": "3"}, environment, tmp_path)

    assert (settings.port, settings.seed, settings.host) == (3, 2, "file.example.com")
    assert settings.workspace.webhook_key == "of-the-file"


def test_variables_for_scenarios_are_no_options(tmp_path: Path) -> None:
    environment = {"OTTU_SANDBOX_VAR_SHOP": "jahra"}

    assert gather({}, environment, tmp_path) == ServerSettings()


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    environment = {"OTTU_SANDBOX_PORT": "", "OTTU_SANDBOX_TLS_PORT": ""}

    assert gather({}, environment, tmp_path) == ServerSettings()


@pytest.mark.parametrize(
    ("text", "magic"), [("1", False), ("true", False), ("0", True), ("no", True)]
)
def test_a_switch_is_yes_or_no_in_environment_and_file(
    tmp_path: Path, text: str, *, magic: bool
) -> None:
    assert gather({}, {"OTTU_SANDBOX_NO_MAGIC": text}, tmp_path).magic is magic

    write(tmp_path, f"no_magic: {text}\n")

    assert gather({}, {}, tmp_path).magic is magic


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00+03:00", datetime(2026, 3, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_clock_may_stand_at_any_instant(tmp_path: Path, text: str, instant: datetime) -> None:
    assert gather({"clock": text}, {}, tmp_path).clock.stopped_at == instant


def test_an_unquoted_instant_of_the_file_is_taken_as_written(tmp_path: Path) -> None:
    write(tmp_path, "clock: 2026-03-01T10:00:00Z\n")

    assert gather({}, {}, tmp_path).clock.stopped_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("port", "65536"),
        ("port", "-1"),
        ("port", "٣"),
        ("port", ""),
        ("seed", "1.5"),
        ("host", "http://127.0.0.1"),
        ("clock", "tomorrow"),
        ("clock", "2026-03-01"),
        ("clock", "2026-03-01T10:00:00"),
        ("clock", "0001-01-01T00:00:00+23:00"),
        ("public_url", "pay.example.com"),
        ("public_url", "ftp://pay.example.com"),
        ("public_url", "https://pay.example.com/?a=1"),
        ("public_url", "https://pay.example.com:port"),
        ("public_url", "https://user@pay.example.com"),
        ("spec", ""),
        ("webhook_url", "127.0.0.1:9000/hook"),
        ("webhook_key", ""),
        ("credentials", ""),
        ("gateways", "some"),
        ("control", "closed"),
        ("control_token", "two words"),
        ("validation", "lenient"),
        ("validator", "fast"),
        ("limits", "none"),
        ("no_magic", "maybe"),
    ],
)
def test_a_wrong_value_is_refused_with_its_option_and_what_was_expected(
    tmp_path: Path, key: str, text: str
) -> None:
    (problem,) = problems_of(tmp_path, {key: text})

    assert problem.startswith(f"--{key.replace('_', '-')}: expected ")


def test_a_wrong_value_says_where_it_stands_also_when_it_is_overridden(tmp_path: Path) -> None:
    write(tmp_path, "# ours\nport: high\n")

    assert problems_of(tmp_path, {"port": "1"}, {"OTTU_SANDBOX_PORT": "low"}) == (
        "ottu-sandbox.yaml:2: `port`: expected a whole number from 0 to 65535; 0 picks a free port, got `high`.",
        "OTTU_SANDBOX_PORT: expected a whole number from 0 to 65535; 0 picks a free port, got `low`.",
    )


def test_a_wrong_secret_is_not_repeated(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, {}, {"OTTU_SANDBOX_CONTROL_TOKEN": "my secret"})

    assert "secret" not in problem


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "prot: 9000\nzzz: 1\n")

    assert problems_of(tmp_path, {}, {"OTTU_SANDBOX_WEBHOOK_URI": "http://x.example.com"}) == (
        "ottu-sandbox.yaml:1: `prot`: there is no such option. Did you mean `port`?",
        "ottu-sandbox.yaml:2: `zzz`: there is no such option.",
        "OTTU_SANDBOX_WEBHOOK_URI: there is no such variable. Did you mean `OTTU_SANDBOX_WEBHOOK_URL`?",
    )


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("tls-port", "9443"),
        ("state-file", "state.db"),
        ("rewrite-webhook", "a=b"),
        ("fail-on-findings", "true"),
    ],
)
def test_what_comes_later_is_refused_by_name_from_every_source(
    tmp_path: Path, option: str, text: str
) -> None:
    key = option.replace("-", "_")
    variable = f"OTTU_SANDBOX_{key.upper()}"

    write(tmp_path, f"{option}: {text}\n")

    assert problems_of(tmp_path, {key: text}, {variable: text}) == (
        f"ottu-sandbox.yaml:1: `{option}` comes with a later version of ottu-sandbox.",
        f"{variable} comes with a later version of ottu-sandbox.",
        f"--{option} comes with a later version of ottu-sandbox.",
    )


def test_a_later_switch_that_is_off_asks_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, "fail_on_findings: false\n")

    assert gather({}, {}, tmp_path) == ServerSettings()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("port: [9000]\n", "ottu-sandbox.yaml:1: `port`: expected one value"),
        ("seed: 1\nport:\n", "ottu-sandbox.yaml:2: `port`: expected one value"),
        ("port: 1\nhost: a\nport: 2\n", "ottu-sandbox.yaml:3: `port`: stands on line 1 already."),
        ("webhook-url: http://a\nwebhook_url: http://b\n", "ottu-sandbox.yaml:2: `webhook_url`"),
        ("- port\n", "ottu-sandbox.yaml:1: expected lines such as `port: 9000`."),
        ("seed: 1\nport: 'x\n", "ottu-sandbox.yaml:3: this is not YAML"),
        ("port: \x01\n", "ottu-sandbox.yaml:1: this is not YAML"),
        ("[port]: 1\n", "ottu-sandbox.yaml:1: `"),
    ],
)
def test_a_file_that_cannot_be_used_says_which_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    write(tmp_path, text)

    (told,) = problems_of(tmp_path)

    assert told.startswith(problem)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_fine(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)

    assert gather({}, {}, tmp_path) == ServerSettings()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "ottu-sandbox.yaml").mkdir()

    (problem,) = problems_of(tmp_path)

    assert problem.startswith("ottu-sandbox.yaml: it cannot be read")
