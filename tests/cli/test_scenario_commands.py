"""`ottu-sandbox scenario`: check, list, test, as a user types them."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.program import lines, run

GOOD = "scenario: good\npayment: [{outcome: success}]\nexpect: {states: [created, paid]}\n"
WRONG = "scenario: wrong\npayments: []\nchannels: {sms: [{fail: '99'}]}\n"
FAILS = "scenario: fails\npayment: [{outcome: failed}]\nexpect: {states: [created, paid]}\n"


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder with a good scenario, one in a folder below, and a file that is none."""
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.yml").write_text(GOOD.replace("good", "other"))
    (tmp_path / "notes.txt").write_text("nothing")
    return tmp_path


def test_the_ready_scenarios_are_fine() -> None:
    ended = run("scenario", "check")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("files: all fine\n")


def test_check_tells_every_mistake_with_its_place_and_mend(stories: Path) -> None:
    (stories / "wrong.yaml").write_text(WRONG)

    ended = run("scenario", "check", ".", folder=stories)

    assert ended.code == 1
    told = lines(ended.out)
    assert told[0].startswith(
        "wrong.yaml:2:1: payments: the key `payments` is unknown here; did you"
    )
    assert told[1].startswith("wrong.yaml:3:")
    assert told[-1] == "3 files: mistakes in 1"


def test_check_tells_of_two_scenarios_of_one_name(stories: Path) -> None:
    (stories / "twin.yaml").write_text(GOOD)

    ended = run("scenario", "check", str(stories))

    assert ended.code == 1
    assert "twin.yaml:1:1: scenario: the scenario `good` is also in" in ended.out


@pytest.mark.parametrize("command", ["check", "test", "list"])
def test_a_path_that_leads_nowhere_is_wrong_usage(command: str) -> None:
    ended = run("scenario", command, "declined-then-payed")

    assert (ended.code, ended.out) == (2, "")
    assert "Did you mean `declined-then-paid`?" in ended.err


def test_a_folder_without_scenarios_is_wrong_usage(tmp_path: Path) -> None:
    ended = run("scenario", "test", str(tmp_path))

    assert ended.code == 2
    assert "no YAML or JSON file" in ended.err


def test_list_has_a_line_for_each() -> None:
    ended = run("scenario", "list")

    assert ended.code == 0
    assert any(
        line.startswith("sms-outage-then-recovery ") and line.endswith("the third resend arrives.")
        for line in lines(ended.out)
    )


def test_list_tells_of_files_with_mistakes_on_standard_error(stories: Path) -> None:
    (stories / "wrong.yaml").write_text(WRONG)

    ended = run("scenario", "list", ".", folder=stories)

    assert (ended.code, lines(ended.out)) == (1, ["good", "other"])
    assert "wrong.yaml:2:1: payments" in ended.err


def test_all_ready_scenarios_pass() -> None:
    ended = run("scenario", "test")

    assert (ended.code, ended.err) == (0, "")
    assert "FAIL" not in ended.out
    assert lines(ended.out)[-1].endswith(" passed")


def test_test_takes_folders_files_and_names(stories: Path) -> None:
    ended = run("scenario", "test", "more", "good.yaml", "declined-then-paid", folder=stories)

    assert (ended.code, lines(ended.out)) == (
        0,
        ["ok    other", "ok    good", "ok    declined-then-paid", "3 passed"],
    )


def test_a_file_hides_the_ready_scenario_of_its_name(stories: Path) -> None:
    (stories / "mine.yaml").write_text(FAILS.replace("fails", "declined-then-paid"))

    ended = run("scenario", "test", "mine.yaml", folder=stories)

    assert ended.code == 1
    assert "FAIL  declined-then-paid  (mine.yaml)" in ended.out


def test_a_failure_says_what_was_expected_what_came_and_what_was_done(stories: Path) -> None:
    (stories / "fails.yaml").write_text(FAILS)

    ended = run("scenario", "test", ".", folder=stories)

    assert ended.code == 1
    assert lines(ended.out) == [
        "FAIL  fails  (fails.yaml)",
        "      states",
        "        expected: created → paid",
        "        actual:   created → pending → attempted",
        "      what was done:",
        "        checkout → 201",
        "        pay → 200",
        "ok    good",
        "ok    other",
        "2 passed, 1 failed",
    ]


def test_a_file_with_mistakes_fails_the_test(stories: Path) -> None:
    (stories / "wrong.yaml").write_text(WRONG)

    ended = run("scenario", "test", ".", folder=stories)

    assert ended.code == 1
    assert "wrong.yaml:2:1: payments" in ended.out
    assert lines(ended.out)[-1] == "2 passed, 1 not readable"


def test_junit_has_a_case_for_each_scenario_and_file(stories: Path) -> None:
    (stories / "fails.yaml").write_text(FAILS)
    (stories / "wrong.yaml").write_text(WRONG)

    ended = run("scenario", "test", ".", "--junit", "report.xml", folder=stories)

    suite = ET.parse(stories / "report.xml").getroot()[0]  # noqa: S314 - our own file
    assert ended.code == 1
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
    }
    cases = {case.get("name"): case for case in suite}
    assert list(cases) == ["fails", "good", "other", "wrong"]
    assert len(cases["good"]) == 0
    assert cases["fails"].get("classname") == "fails.yaml"
    assert "expected: created → paid\n  actual:   created → pending → attempted" in str(
        cases["fails"][0].text
    )
    assert str(cases["wrong"][0].text).startswith("wrong.yaml:2:1: payments")


def test_a_report_that_cannot_be_written_is_wrong_usage(stories: Path) -> None:
    ended = run("scenario", "test", "good.yaml", "--junit", "nowhere/report.xml", folder=stories)

    assert ended.code == 2
    assert "nowhere/report.xml: No such file or directory." in ended.err


CASES = """\
scenario: late
for each: {channel: [sms, whatsapp]}
extends: good
channels:
  ${each.channel}: [{deliver: "${DELAY:-1m}"}]
"""


def test_cases_are_listed_and_played_by_their_names(stories: Path) -> None:
    (stories / "late.yaml").write_text(CASES)

    listed = run("scenario", "list", ".", folder=stories)
    played = run("scenario", "test", "late.yaml", folder=stories)

    assert lines(listed.out) == ["good", "late-sms", "late-whatsapp", "other"]
    assert lines(played.out) == ["ok    late-sms", "ok    late-whatsapp", "2 passed"]


def test_a_file_alone_extends_its_neighbours_whose_mistakes_are_told(stories: Path) -> None:
    (stories / "late.yaml").write_text(CASES)
    (stories / "good.yaml").write_text(WRONG.replace("wrong", "good"))

    ended = run("scenario", "check", "late.yaml", folder=stories)

    assert ended.code == 1
    assert lines(ended.out)[0].startswith("good.yaml:2:1: payments")
