"""`extends`: what is taken over, from where, and what is told when that does not work."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scenarios.inheritance import INHERITED, JOINED, NO_PARENTS, Parents
from sandbox.scenarios.library import BuiltInScenarios, load_folder
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem
from tests.unit.scenarios.loading import LOADER

PARENT = """\
scenario: parent
description: The one before.
match: {order_no: "P-*"}
settings: {multi_attempt: false, expire_after: 1h}
payment: [{outcome: failed}, {outcome: success}]
channels: {sms: [{fail: "30003"}], email: [{deliver: 2s}]}
webhooks: [{on: paid, copies: 2}]
play: [checkout, pay]
expect: {states: [created, attempted], messages: []}
"""


def parent() -> Scenario:
    return LOADER.load(PARENT, source="parent.yaml")


def parents(*known: Scenario) -> Parents:
    by_name = {each.name: each for each in known}
    return Parents(find=by_name.get, names=lambda: by_name)


def child(text: str, *known: Scenario) -> Scenario:
    return LOADER.load(
        f"scenario: child\nextends: parent\n{text}\n",
        source="child.yaml",
        parents=parents(*(known or (parent(),))),
    )


def folder_of(folder: Path, *texts: str) -> Path:
    """Write one file for each text, named in their order."""
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, elsewhere: Parents = NO_PARENTS) -> tuple[ScenarioProblem, ...]:
    with pytest.raises(InvalidScenario) as told:
        load_folder(folder, LOADER, elsewhere)
    return told.value.problems


def test_all_is_taken_over_but_the_name_and_the_match() -> None:
    made = child("")

    assert (made.name, made.match, made.source) == ("child", None, "child.yaml")
    assert (made.payment, made.webhooks) == (parent().payment, parent().webhooks)
    assert (made.play, made.expect) == (parent().play, parent().expect)
    assert made.description == "The one before."


def test_a_list_of_the_child_stands_in_place_of_the_parents() -> None:
    made = child("payment: [{outcome: canceled}]\nplay: [checkout]")

    assert [step.outcome for step in made.payment] == ["canceled"]
    assert made.play is not None
    assert len(made.play) == 1


def test_mappings_are_joined_one_level_deep() -> None:
    made = child(
        "settings: {multi_attempt: true}\n"
        "channels: {sms: [{deliver: 9s}], whatsapp: [{accept: true}]}\n"
        "expect: {states: [created]}"
    )

    assert made.settings == {"multi_attempt": True, "expire_after": "1h"}
    assert made.document["channels"] == {
        "sms": [{"deliver": "9s"}],
        "email": [{"deliver": "2s"}],
        "whatsapp": [{"accept": True}],
    }
    assert made.document["expect"] == {"states": ["created"], "messages": []}


def test_nothing_takes_away_what_the_parent_has() -> None:
    made = child("webhooks: null\nchannels: {sms: null, email: null}\nexpect: {messages: null}")

    assert made.webhooks == ()
    assert made.channels == {}
    assert made.document["expect"] == {"states": ["created", "attempted"]}


def test_a_setting_that_is_nothing_is_a_value() -> None:
    made = child("settings: {webhook_url: null}")

    assert made.settings == {"multi_attempt": False, "expire_after": "1h", "webhook_url": None}


def test_the_document_of_a_child_is_a_scenario_by_itself() -> None:
    made = child("channels: {sms: [{deliver: 9s}]}\nmatch: {amount: '> 5'}")

    again = LOADER.load_value(made.document, source="child.yaml")

    assert again == made


def test_a_line_of_parents_may_be_long_and_in_any_order(tmp_path: Path) -> None:
    last = 1200  # deeper than calls can be nested
    for number in range(last):
        text = f"scenario: s-{number}\nextends: s-{number + 1}\n"
        (tmp_path / f"{number:04}.yaml").write_text(text)
    (tmp_path / f"{last:04}.yaml").write_text(f"scenario: s-{last}\npayment: [{{outcome: cod}}]\n")

    first, *_ = load_folder(tmp_path, LOADER)

    assert [step.outcome for step in first.payment] == ["cod"]


def test_a_neighbour_comes_before_one_from_elsewhere(tmp_path: Path) -> None:
    near = "scenario: parent\npayment: [{outcome: cod}]"

    made, _ = load_folder(
        folder_of(tmp_path, "scenario: a\nextends: parent", near), LOADER, parents(parent())
    )

    assert [step.outcome for step in made.payment] == ["cod"]


def test_one_that_extends_its_own_name_means_the_one_that_it_hides(tmp_path: Path) -> None:
    text = "scenario: parent\nextends: parent\nwebhooks: null"

    (made,) = load_folder(folder_of(tmp_path, text), LOADER, parents(parent()))

    assert made.payment == parent().payment
    assert made.webhooks == ()


def test_ready_scenarios_extend_each_other_and_only_what_is_needed_is_read(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(PARENT)
    (tmp_path / "child.yaml").write_text("scenario: child\nextends: parent")
    (tmp_path / "broken.yaml").write_text("scenario: [")

    made = BuiltInScenarios(tmp_path, LOADER).find("child")

    assert made is not None
    assert made.payment == parent().payment


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "message", "hint"),
    [
        ("extends: parnt", 2, 10, "extends", "no scenario is named `parnt`", "mean `parent`?"),
        ("extends: zebra", 2, 10, "extends", "no scenario is named `zebra`", "it can be parent"),
        ("extends: a", 2, 10, "extends", "extends itself", "extend nothing"),
        ("extends: [parent]", 2, 10, "extends", "text was expected, a list", "one scenario"),
        ("extends:", 2, 9, "extends", "nothing was found", "leave the key out"),
        ("extends: Parent", 2, 10, "extends", "no scenario is named", "did you mean `parent`?"),
        ("extend: parent", 2, 1, "extend", "unknown here", "did you mean `extends`?"),
        (
            "extends: parent\ninquiry: null",
            *(3, 10, "inquiry", "`parent` has no `inquiry`", "leave the key out"),
        ),
        (
            "extends: parent\nchannels: {smss: null}",
            *(3, 18, "channels.smss", "`parent` has no `channels.smss`", "did you mean `sms`?"),
        ),
        ("extends: parent\npaymnt: null", 3, 1, "paymnt", "unknown here", "`payment`"),
        ("extends: parent\nmatch: null", 3, 8, "match", "nothing was found", "leave the key out"),
        ("payment: null", 2, 10, "payment", "nothing was found", "leave the key out"),
    ],
)
def test_a_mistake_is_told_once_with_its_place_and_mend(
    tmp_path: Path, text: str, line: int, column: int, path: str, message: str, hint: str
) -> None:
    (problem,) = refused(folder_of(tmp_path, f"scenario: a\n{text}"), parents(parent()))

    assert (problem.line, problem.column, problem.path) == (line, column, path)
    assert message in problem.message
    assert hint in problem.hint


def test_a_circle_is_told_once_in_the_first_of_its_files(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        "scenario: outside\nextends: c",
        "scenario: a\nextends: b",
        "scenario: b\nextends: c",
        "scenario: c\nextends: a",
    )

    (problem,) = refused(folder)

    assert (problem.file, problem.line, problem.column) == ("1.yaml", 2, 10)
    assert problem.message == "it extends itself: a → b → c → a"


def test_a_mistake_of_the_parent_is_told_once_and_the_childs_own_beside_it(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        "scenario: one\nextends: parent",
        "scenario: two\nextends: parent\npaymnt: []",
        "scenario: parent\nwebhooks: [{on: payed, drop: true}]",
    )

    assert [(each.file, each.path) for each in refused(folder)] == [
        ("2.yaml", "webhooks[0].on"),
        ("1.yaml", "paymnt"),
    ]


def test_mistakes_beside_an_unknown_parent_are_told_too(tmp_path: Path) -> None:
    problems = refused(folder_of(tmp_path, "scenario: a\npaymnt: []\nextends: nobody\npayment: []"))

    assert [(each.line, each.path) for each in problems] == [
        (2, "paymnt"),
        (3, "extends"),
        (4, "payment"),
    ]


KEYS = st.sets(st.sampled_from(INHERITED))
FULL = LOADER.load(
    PARENT
    + """\
timeline: [{on: paid, do: refund}]
operations: {refund: [{result: success}], void: [{result: failed}]}
inquiry: [{finds: success}]
api: [{operation: notify, fault: reset}]
"""
)


@given(has=KEYS, says=KEYS, drops=KEYS)
def test_a_child_of_a_valid_parent_is_valid_and_has_the_keys_of_both(
    has: set[str], says: set[str], drops: set[str]
) -> None:
    kept = {key: FULL.document[key] for key in has}
    base = LOADER.load_value({"scenario": "parent", **kept})
    said = {key: FULL.document[key] for key in says}
    away = dict.fromkeys((drops & has) - says)

    made = LOADER.load_value(
        {"scenario": "child", "extends": "parent", **said, **away}, parents=parents(base)
    )

    assert made.document.keys() == {"scenario"} | says | (has - away.keys())
    assert LOADER.load_value(made.document) == made
    assert set(JOINED) <= set(INHERITED)
