"""The command line: which commands there are and what they take.

What a command does stands in `sandbox.commands`, imported when it is asked for, so that `--help`
and the start of `serve` cost nothing that they do not need.

Source: DESIGN, command line.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NoReturn, TypeAlias, TypedDict

from sandbox import __version__
from sandbox.configuration import FILE, gather
from sandbox.domain.errors import SandboxError
from sandbox.options import OPTIONS, PREFIX, Option
from sandbox.resources import MissingResources

_PROGRAM: Final = "ottu-sandbox"
_WRONG_USAGE: Final = 2
_INTERRUPTED: Final = 130

_LATER: Final = "comes with a later version of ottu-sandbox."

_ABOUT: Final = """\
A local stand-in for the Ottu payment platform, for the tests of a merchant.

  ottu-sandbox serve                  answer on http://127.0.0.1:8686, any API key will do
  ottu-sandbox demo                   see a payment with all that belongs to it, live
  ottu-sandbox scenario list          what can be made to happen
"""
_EXIT_CODES: Final = """\
exit codes: 0 fine; 1 the checked thing failed; 2 wrong usage or configuration; 3 cannot listen
"""
_SERVE: Final = """\
Answer as the platform does, until SIGTERM or Ctrl-C. Needs no option at all.

  ottu-sandbox serve --webhook-url http://127.0.0.1:9000/webhook
  ottu-sandbox serve --port 0 --clock stopped --seed 1         every run the same, for tests
  ottu-sandbox serve --host 0.0.0.0 --control-token secret     for other machines or containers
"""
_SERVE_MORE: Final = f"""\
Every option is also a variable (--webhook-url is OTTU_SANDBOX_WEBHOOK_URL, --no-magic is
OTTU_SANDBOX_NO_MAGIC=1; an empty one is not set) and a line of {FILE} in the working directory
(webhook_url: http://127.0.0.1:9000/webhook). The command line wins, then the environment. When
ready, standard output has one line: `ottu-sandbox ready: http://127.0.0.1:8686`.
"""
_SCENARIO: Final = """\
Scenarios are stories in YAML: a declined card, a late success, an SMS provider that fails twice.

  ottu-sandbox scenario list                       the ready ones
  ottu-sandbox scenario check tests/scenarios      every mistake, with line, column and mend
  ottu-sandbox scenario test tests/scenarios       play them and compare with their `expect`
  ottu-sandbox scenario test declined-then-paid    a ready one, by its name
  ottu-sandbox scenario record --session-id ID     what just happened to a payment, as a scenario
"""
_CHECK: Final = """\
Read scenario files and list every mistake: file, line, column, what is wrong, what to write.

  ottu-sandbox scenario check                      the ready ones
  ottu-sandbox scenario check outage.yaml tests/scenarios
"""
_TEST: Final = """\
Play scenarios on a stopped clock, with a receiver that answers 200, and compare what happened with
what they expect. Nothing leaves this process; the whole library takes a second or so.

  ottu-sandbox scenario test                       all ready ones
  ottu-sandbox scenario test declined-then-paid tests/scenarios
  ottu-sandbox scenario test tests/scenarios --junit report.xml
"""
_LIST: Final = "List scenarios by name, with a line about each."
_RECORD: Final = """\
Write the scenario of what has happened to a payment of a running sandbox, with what it expects,
and play it once to see that it does the same.

  ottu-sandbox scenario record --session-id ID -o tests/scenarios/what-went-wrong.yaml
"""
_TRIGGER: Final = """\
Make an event happen to a payment of a running sandbox, and print what came of it. Without
--session-id it makes a payment first, to which the event can happen.

  ottu-sandbox trigger late_success --session-id ID
  ottu-sandbox trigger refund --amount 4.000
"""
_TRIGGER_FIELDS: Final = {
    "amount": "of a capture or refund; none: all that is left",
    "source": "of an operation: input (the merchant's side) or pg (the gateway's, the default)",
    "code": "of the gateway or the provider",
    "message-id": "of the message concerned; none: the newest that is on its way",
}
EVENTS: Final = (
    *("late_success", "late_failure", "capture", "void", "refund", "refund_settled"),
    *("refund_rejected", "expire", "invalidate", "message_delivered", "message_failed"),
)
_URL: Final = "http://127.0.0.1:8686"
_DEMO: Final = """\
Play a payment on one screen, live: a checkout, an SMS that fails twice, a declined card, a
successful one, webhooks with their signatures. Starts its own sandbox and its own merchant.
"""
_SPEC: Final = """\
Tell what the sandbox mends in an OpenAPI document and what stays wrong. The exit code is 0 when
the document can be served after the repairs.

  ottu-sandbox spec check platform.yaml
"""
_PATHS_HELP: Final = "file, folder or name of a ready scenario; none: all ready ones"

_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001 - it has no other name


class _Form(TypedDict):
    formatter_class: type[argparse.HelpFormatter]
    allow_abbrev: bool


_FORM: Final = _Form(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, and where to read more."""

    def error(self, message: str) -> NoReturn:
        """Complain and end with the exit code of wrong usage."""
        self.exit(_WRONG_USAGE, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit code."""
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()  # here, so that a reader who has left is met here too
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except (SandboxError, MissingResources) as error:
        print(error, file=sys.stderr)
        return _WRONG_USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(argv: Sequence[str]) -> int:
    parser = _parser()
    arguments, unknown = parser.parse_known_args(argv)
    asked: _Parser = arguments.parser
    if arguments.later:
        asked.exit(_WRONG_USAGE, f"`{arguments.later}` {_LATER}\n")
    if unknown:
        asked.error(_unknown(unknown[0], asked))
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


def _unknown(argument: str, parser: _Parser) -> str:
    name = argument.partition("=")[0]
    if not name.startswith("-"):
        return f"unexpected argument `{argument}`"
    known = re.findall(r"--[a-z][a-z-]+", parser.format_usage())
    nearest = get_close_matches(name, known, n=1)
    meant = f"; did you mean `{nearest[0]}`?" if nearest else ""
    return f"there is no option `{name}`{meant}"


def _parser() -> _Parser:
    parser = _Parser(prog=_PROGRAM, description=_ABOUT, epilog=_EXIT_CODES, **_FORM)
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    parser.set_defaults(parser=parser, later="", run=lambda _: _needs_command(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_serve(commands)
    _add(commands, "demo", _demo, "a merchant, a payment, a failing SMS, a webhook: live", _DEMO)
    _add_scenario(commands)
    _add_spec(commands)
    _add_trigger(commands)
    for name in ("listen", "certify"):
        _add_later(commands, name, name)
    return parser


def _add_serve(commands: _Commands) -> None:
    serve = _add(commands, "serve", _serve, "answer as the platform does", _SERVE)
    serve.epilog = _SERVE_MORE
    for option in OPTIONS:
        _add_option(serve, option)


def _add_option(parser: _Parser, option: Option) -> None:
    shown = f"{option.help} (default: {option.default})" if option.default else option.help
    shown = "(comes with a later version)" if option.later else shown
    if option.switch:
        parser.add_argument(
            option.flag, action="store_const", const="true", default=argparse.SUPPRESS, help=shown
        )
    else:
        parser.add_argument(
            option.flag, metavar=option.metavar, default=argparse.SUPPRESS, help=shown
        )


def _add_scenario(commands: _Commands) -> None:
    scenario = _add(commands, "scenario", None, "check, test and list scenarios", _SCENARIO)
    scenario.set_defaults(run=lambda _: _needs_command(scenario))
    inner = scenario.add_subparsers(title="commands", metavar="COMMAND")
    check = _add(inner, "check", _scenario_check, "find every mistake in scenario files", _CHECK)
    test = _add(inner, "test", _scenario_test, "play scenarios and compare with `expect`", _TEST)
    listing = _add(inner, "list", _scenario_list, "names, with a line about each", _LIST)
    for each in (check, test, listing):
        each.add_argument("paths", metavar="PATH", nargs="*", help=_PATHS_HELP)
    test.add_argument("--junit", metavar="FILE", help="write a report as JUnit XML there, too")
    record = _add(inner, "record", _scenario_record, "write down what happened", _RECORD)
    record.add_argument("--session-id", metavar="ID", required=True, help="the payment's")
    record.add_argument("--name", metavar="NAME", help="of the scenario; else that of the file")
    record.add_argument("-o", dest="file", metavar="FILE", help="else standard output")
    _add_server(record)


def _add_trigger(commands: _Commands) -> None:
    trigger = _add(commands, "trigger", _trigger, "make something happen to a payment", _TRIGGER)
    trigger.add_argument("event", metavar="EVENT", choices=EVENTS, help=f"{', '.join(EVENTS)}")
    trigger.add_argument("--session-id", metavar="ID", help="the payment's; none: one is made")
    for name, said in _TRIGGER_FIELDS.items():
        trigger.add_argument(f"--{name}", metavar=name.upper().replace("-", "_"), help=said)
    _add_server(trigger)


def _add_server(parser: _Parser) -> None:
    """Add what says which running sandbox is meant."""
    parser.add_argument(
        "--url", metavar="URL", default=_URL, help=f"where the sandbox is (default: {_URL})"
    )
    parser.add_argument(
        "--control-token", metavar="T", help="the token that the sandbox was started with, if any"
    )


def _add_spec(commands: _Commands) -> None:
    spec = _add(commands, "spec", None, "judge an OpenAPI document", _SPEC)
    spec.set_defaults(run=lambda _: _needs_command(spec))
    inner = spec.add_subparsers(title="commands", metavar="COMMAND")
    check = _add(inner, "check", _spec_check, "tell what is mended and what is wrong", _SPEC)
    check.add_argument("file", metavar="FILE", help="OpenAPI document, YAML or JSON")


def _add(
    commands: _Commands,
    name: str,
    run: Callable[[argparse.Namespace], int] | None,
    summary: str,
    description: str,
) -> _Parser:
    parser = commands.add_parser(name, help=summary, description=description, **_FORM)
    parser.set_defaults(parser=parser, run=run)
    return parser


def _add_later(commands: _Commands, name: str, full_name: str) -> None:
    parser = commands.add_parser(name, help="(comes with a later version)", add_help=False)
    parser.set_defaults(parser=parser, later=full_name)


def _needs_command(parser: _Parser) -> int:
    parser.print_help(sys.stderr)
    return _WRONG_USAGE


def _serve(arguments: argparse.Namespace) -> int:
    given = {
        option.key: getattr(arguments, option.key)
        for option in OPTIONS
        if hasattr(arguments, option.key)
    }
    settings = gather(given, os.environ, Path.cwd())
    from sandbox.commands import serve

    return serve.run(settings)


def _demo(_: argparse.Namespace) -> int:
    from sandbox.commands import demo

    return demo.run()


def _scenario_check(arguments: argparse.Namespace) -> int:
    from sandbox.commands import scenario_check

    return scenario_check.run(arguments.paths)


def _scenario_list(arguments: argparse.Namespace) -> int:
    from sandbox.commands import scenario_list

    return scenario_list.run(arguments.paths)


def _scenario_test(arguments: argparse.Namespace) -> int:
    from sandbox.commands import scenario_test

    report = None if arguments.junit is None else Path(arguments.junit)
    return scenario_test.run(arguments.paths, report)


def _scenario_record(arguments: argparse.Namespace) -> int:
    from sandbox.commands import scenario_record
    from sandbox.commands.control_client import ControlClient

    client = ControlClient(url=arguments.url, token=_token(arguments))
    file = None if arguments.file is None else Path(arguments.file)
    return scenario_record.run(client, arguments.session_id, arguments.name, file)


def _trigger(arguments: argparse.Namespace) -> int:
    from sandbox.commands import trigger
    from sandbox.commands.control_client import ControlClient

    keys = (name.replace("-", "_") for name in _TRIGGER_FIELDS)
    given = {key: getattr(arguments, key) for key in keys if getattr(arguments, key) is not None}
    client = ControlClient(url=arguments.url, token=_token(arguments))
    return trigger.run(client, arguments.event, arguments.session_id, given)


def _token(arguments: argparse.Namespace) -> str | None:
    given: str | None = arguments.control_token
    return given or os.environ.get(f"{PREFIX}CONTROL_TOKEN")


def _spec_check(arguments: argparse.Namespace) -> int:
    from sandbox.commands import spec_check

    return spec_check.run(Path(arguments.file))
