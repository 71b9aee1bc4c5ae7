"""`for each`: one file, several scenarios."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scenarios.cases import MAX_CASES
from sandbox.scenarios.inheritance import NO_PARENTS, Family
from sandbox.scenarios.library import BuiltInScenarios, load_folder
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem
from tests.unit.scenarios.loading import LOADER

LATE = """\
scenario: late
description: By ${each.channel}.
for each: {channel: [sms, email, whatsapp]}
channels:
  ${each.channel}: [{deliver: 2s}]
"""


def read(text: str) -> tuple[tuple[Scenario, ...], tuple[ScenarioProblem, ...]]:
    family = Family(LOADER.finish, NO_PARENTS)
    members = [family.add(each) for each in LOADER.drafts(text, source="shop.yaml")]
    return family.scenarios(members)


def cases(text: str) -> tuple[Scenario, ...]:
    scenarios, problems = read(text)
    assert problems == ()
    return scenarios


def test_each_value_makes_a_scenario_named_after_it() -> None:
    made = cases(LATE)

    assert [each.name for each in made] == ["late-sms", "late-email", "late-whatsapp"]
    assert [list(each.channels) for each in made] == [["sms"], ["email"], ["whatsapp"]]
    assert [each.description for each in made] == ["By sms.", "By email.", "By whatsapp."]
    assert [each.position for each in made] == [0, 1, 2]


def test_several_variables_make_every_combination() -> None:
    made = cases(
        "scenario: a\nfor each: {outcome: [failed, error], times: [1, 2]}\n"
        "payment: [{outcome: '${each.outcome}'}]\n"
        "webhooks: [{on: paid, copies: '${each.times}'}]"
    )

    assert [each.name for each in made] == ["a-failed-1", "a-failed-2", "a-error-1", "a-error-2"]
    assert [each.webhooks[0].copies for each in made] == [1, 2, 1, 2]


def test_a_list_of_cases_gives_each_its_own_values() -> None:
    made = cases(
        "scenario: a\nfor each: [{channel: sms, code: 30003}, {code: 5.1.1, channel: email}]\n"
        "channels: {'${each.channel}': [{fail: '${each.code}'}]}"
    )

    assert [each.name for each in made] == ["a-sms-30003", "a-email-5-1-1"]
    assert [each.document["channels"] for each in made] == [
        {"sms": [{"fail": "30003"}]},
        {"email": [{"fail": "5.1.1"}]},
    ]


def test_values_keep_their_digits_and_names_what_names_can_have() -> None:
    made = cases(
        "scenario: a\nfor each: {amount: ['5.000', 051, true, A_b!]}\ndescription: ${each.amount}"
    )

    assert [each.name for each in made] == ["a-5-000", "a-051", "a-true", "a-a-b"]
    assert [each.description for each in made] == ["5.000", "051", "true", "A_b!"]


def test_a_case_by_itself_is_a_scenario() -> None:
    for case in cases(LATE):
        assert LOADER.load_value(case.document, source="shop.yaml", position=case.position) == case


def test_a_match_may_differ_from_case_to_case() -> None:
    made = cases(LATE + "match: {order_no: 'L-${each.channel}-*'}")

    assert [each.match and each.match.texts["order_no"] for each in made] == [
        "L-sms-*",
        "L-email-*",
        "L-whatsapp-*",
    ]


def test_cases_extend_and_are_extended(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(LATE)
    (tmp_path / "later.yaml").write_text(
        "scenario: later\nfor each: {channel: [sms, email]}\nextends: late-${each.channel}\n"
        "payment: [{outcome: cod}]"
    )
    (tmp_path / "one.yaml").write_text("scenario: one\nextends: late-whatsapp")

    made = {each.name: each for each in load_folder(tmp_path, LOADER)}

    assert len(made) == 6
    assert made["later-email"].channels == made["late-email"].channels
    assert made["one"].channels == made["late-whatsapp"].channels


MISTAKES = [
    ("for each: {}", 2, 11, "for each", "the mapping is empty", ""),
    ("for each: []", 2, 11, "for each", "the list is empty", ""),
    ("for each: sms", 2, 11, "for each", "text was found", "variables with their values"),
    ("for each: {channel: sms}", 2, 21, "for each.channel", "a list was expected", "[sms]"),
    ("for each: {channel: []}", 2, 21, "for each.channel", "the list is empty", ""),
    ("for each: {channel: [[sms]]}", 2, 22, "for each.channel[0]", "a list was found", "quote"),
    ("for each: {channel: [5.10]}", 2, 22, "for each.channel[0]", "`5.10`", 'quote it: "5.10"'),
    ("for each: {Channel: [sms]}", 2, 11, "for each", "small letters", ""),
    ("for each: [sms]", 2, 12, "for each[0]", "a mapping was expected", "of one case"),
    (
        "for each channel: [sms, email]",
        *(2, 1, "for each channel", "unknown", "write `for each: {channel: […]}`"),
    ),
    ("for_each: {channel: [sms]}", 2, 1, "for_each", "unknown", "did you mean `for each`?"),
    (
        "for each: [{a: x, b: y}, {a: z}]\ndescription: ${each.a} ${each.b}",
        *(2, 26, "for each[1]", "lacks `b`", "add `b:`"),
    ),
    (
        "for each: [{a: x}, {a: z, b: y}]\ndescription: ${each.a}",
        *(2, 30, "for each[1].b", "which the first one lacks", "the same variables"),
    ),
    (
        "for each: {a: [x, X]}\ndescription: ${each.a}",
        *(2, 19, "for each.a[1]", "two cases have the name `a-name-x`", "leave one out"),
    ),
    (
        "for each: {a: [x, '*']}\ndescription: ${each.a}",
        *(2, 19, "for each.a[1]", "`*` gives the case no name", "letters or digits"),
    ),
    (
        "for each: {a: ['${A:-x}']}\ndescription: ${each.a}",
        *(2, 16, "for each.a[0]", "cannot hold `${…}`", "write the values out"),
    ),
    (
        f"for each: {{a: [x, {'y' * 60}]}}\ndescription: ${{each.a}}",
        *(2, 19, "for each.a[1]", "more than 64 characters", "shorten"),
    ),
    (
        f"for each: {{a: {list(range(11))}, b: {list(range(10))}}}",
        *(2, 11, "for each", f"it makes 110 cases, and {MAX_CASES} is the most", ""),
    ),
    ("for each: {a: [x, y]}", 2, 15, "for each.a", "used nowhere", "write `${each.a}`"),
    (
        "for each: {channel: [x, y]}\ndescription: ${each.channel} ${each.chanel}",
        *(3, 14, "description", "has no `chanel`", "did you mean `${each.channel}`?"),
    ),
    (
        "for each: {channel: [x, y]}\ndescription: ${each.channel} ${chanel}",
        *(3, 14, "description", "no variable `chanel`", "did you mean `${each.channel}`?"),
    ),
    (
        "for each: {a: [x, y]}\ndescription: ${each.a}\nmatch: {order_no: x}",
        *(4, 8, "match", "two cases match the same checkouts", "use a variable"),
    ),
    (
        "for each: {a: [paid, x]}\nwebhooks: [{on: '${each.a}', drop: true}]",
        *(3, 17, "webhooks[0].on", "`x` is not one of the words known here", ""),
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "message", "hint"),
    MISTAKES,
    ids=[each[0] for each in MISTAKES],
)
def test_a_mistake_is_told_once_with_its_place_and_mend(
    text: str, line: int, column: int, path: str, message: str, hint: str
) -> None:
    _, (problem,) = read(f"scenario: a-name\n{text}\n")

    assert (problem.line, problem.column, problem.path) == (line, column, path)
    assert message in problem.message
    assert hint in problem.hint


def test_all_mistakes_of_a_file_with_cases_are_told_at_once_and_once() -> None:
    _, problems = read(
        "scenario: a\nfor each: {channel: [sms, sms]}\npaymnt: []\n"
        "channels: {'${each.channel}': []}\nwebhooks: [{on: paid}]"
    )

    assert [(each.line, each.path) for each in problems] == [
        (2, "for each.channel[1]"),
        (3, "paymnt"),
        (5, "webhooks[0]"),
    ]


def test_cases_that_unfold_to_far_more_than_is_written_are_refused() -> None:
    values = ", ".join(map(str, range(MAX_CASES)))
    text = f"scenario: a\nfor each: {{n: [{values}]}}\npayment:\n"
    text += "- {outcome: failed, message: 'about ${each.n}, at some length'}\n" * 999

    _, (problem,) = read(text)

    assert "unfold" in problem.message


def test_one_who_extends_the_file_is_told_its_cases(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scenario: a\nextends: late")
    (tmp_path / "late.yaml").write_text(LATE)

    with pytest.raises(InvalidScenario) as refused:
        load_folder(tmp_path, LOADER)

    (problem,) = refused.value.problems
    assert problem.hint == ("it has several cases; name one: late-email, late-sms, late-whatsapp")


def test_one_who_extends_a_case_of_a_broken_file_has_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scenario: a\nextends: late-sms")
    (tmp_path / "late.yaml").write_text(LATE.replace("[sms, email, whatsapp]", "sms"))

    with pytest.raises(InvalidScenario) as refused:
        load_folder(tmp_path, LOADER)

    assert [each.file for each in refused.value.problems] == ["late.yaml"]


def test_a_name_that_a_case_has_too_is_taken_twice(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scenario: late-sms")
    (tmp_path / "late.yaml").write_text(LATE)

    with pytest.raises(InvalidScenario, match=r"`late-sms` is also in a\.yaml"):
        load_folder(tmp_path, LOADER)


def test_ready_scenarios_may_have_cases_in_a_file_named_after_them(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(LATE)
    (tmp_path / "late-sms-again.yaml").write_text("scenario: late-sms-again\nextends: late-sms")
    ready = BuiltInScenarios(tmp_path, LOADER)

    assert ready.names == ("late-email", "late-sms", "late-sms-again", "late-whatsapp")
    assert ready.files == ("late", "late-sms-again")
    for name in ready.names:
        found = ready.find(name)
        assert found is not None
        assert found.name == name
    assert ready.find("late") is None
    assert ready.find("late-fax") is None
    assert [each.name for each in ready.of_file("late")] == [
        *("late-sms", "late-email", "late-whatsapp")
    ]


def test_a_ready_file_whose_cases_are_wrong_is_told_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text("scenario: late\nfor each: {}")
    ready = BuiltInScenarios(tmp_path, LOADER)

    assert ready.names == ("late",)
    with pytest.raises(InvalidScenario, match="the mapping is empty"):
        ready.find("late")
    with pytest.raises(InvalidScenario, match="the mapping is empty"):
        ready.find("late-sms")


def test_where_one_scenario_is_asked_for_several_are_refused() -> None:
    with pytest.raises(InvalidScenario) as refused:
        LOADER.load(LATE)

    (problem,) = refused.value.problems
    assert (problem.line, problem.path) == (3, "for each")
    assert "late-sms, late-email, late-whatsapp" in problem.message
    assert "--scenarios" in problem.hint


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "", "${A}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "A", "${each.a}"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(asked=ANY, text=st.sampled_from(["x", "${each.a}", "${each.b}${each.a}"]))
def test_whatever_stands_in_for_each_makes_cases_or_mistakes(asked: object, text: str) -> None:
    value = {"scenario": "s", "for each": asked, "description": text}

    with pytest.raises(InvalidScenario) as refused:
        LOADER.load_value(value)

    assert refused.value.problems
