"""`${NAME}`: variables of the environment in scenarios."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem
from tests.unit.scenarios.loading import CHECKOUT

SCHEMA: Final = (CHECKOUT / "specs" / "scenario.schema.json").read_bytes()
ENVIRONMENT: Final = {
    "DELAY": "3s",
    "COPIES": "2",
    "DROP": "true",
    "AMOUNT": "5.000",
    "CODE": "051",
    "CHANNEL": "sms",
    "EMPTY": "",
    "WORDS": "a: [b, 'c'] #d",
    "OTTU_SANDBOX_VAR_DELAY": "4s",
}
LOADER: Final = ScenarioLoader(SCHEMA, ENVIRONMENT)


def loaded(text: str) -> Scenario:
    return LOADER.load(f"scenario: a\n{text}\n", source="shop.yaml")


def problems_of(text: str, source: str = "shop.yaml") -> tuple[ScenarioProblem, ...]:
    with pytest.raises(InvalidScenario) as refused:
        LOADER.load(f"scenario: a\n{text}\n", source=source)
    return refused.value.problems


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_value_is_read_as_its_place_asks_with_quotes_and_without(quote: str) -> None:
    def quoted(name: str) -> str:
        return f"{quote}${{{name}}}{quote}"

    scenario = loaded(
        f"webhooks:\n- on: paid\n  delay: {quoted('DELAY')}\n  copies: {quoted('COPIES')}\n"
        f"timeline:\n- on: paid\n  do: refund\n  amount: {quoted('AMOUNT')}\n"
        f"  gateway_code: {quoted('CODE')}\n"
        f"settings:\n  ignore_ssl: {quoted('DROP')}\n  webhook_key: {quoted('COPIES')}"
    )

    (rule,), (step,) = scenario.webhooks, scenario.timeline
    assert (rule.delay, rule.copies) == (timedelta(seconds=3), 2)
    assert (str(step.amount), step.gateway_code) == ("5.000", "051")
    assert scenario.settings == {"ignore_ssl": True, "webhook_key": "2"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${NOT_SET:-10 s}", "10 s"),
        ("${EMPTY:-by default}", "by default"),
        ("${EMPTY}", ""),
        ("${NOT_SET:-}", ""),
        ("${DELAY:-9s}", "3s"),
        ("${WORDS}", "a: [b, 'c'] #d"),
        ("from ${DELAY} to ${NOT_SET:-9s}", "from 3s to 9s"),
        ("$${DELAY} costs $5 or $$", "${DELAY} costs $5 or $$"),
    ],
)
def test_a_text_gets_its_variables(written: str, read: str) -> None:
    assert loaded(f"description: '{written.replace(chr(39), chr(39) * 2)}'").description == read


def test_a_key_may_be_a_variable() -> None:
    assert set(loaded("channels:\n  ${CHANNEL}: [{deliver: 2s}]").channels) == {"sms"}


def test_the_name_stays_as_it_is_written() -> None:
    with pytest.raises(InvalidScenario, match="right form"):
        LOADER.load("scenario: ${CHANNEL}", source="shop.yaml")


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "message", "hint"),
    [
        ("description: ${DELAI}", 2, 14, "description", "no variable `DELAI`", "mean `${DELAY}`?"),
        ("description: ${XYZ}", 2, 14, "description", "no variable `XYZ`", "`${XYZ:-…}`"),
        ("description: ${DELAY", 2, 14, "description", "is not closed", "close it"),
        ("description: ${DELAY-2s}", 2, 14, "description", "means nothing", "`${DELAY:-2s}`"),
        ("description: ${DELAY:2s}", 2, 14, "description", "means nothing", "`${DELAY:-2s}`"),
        ("description: ${2s}", 2, 14, "description", "means nothing", "write `${NAME}`"),
        ("description: ${}", 2, 14, "description", "means nothing", "`$${` is a plain"),
        (
            "description: ${each.x}",
            2,
            14,
            "description",
            "needs a `for each`",
            "for each: {x: […]}",
        ),
        (
            "payment:\n- outcome: success\n  after: ${CODE}",
            *(4, 10, "payment[0].after", "`051` is not a duration", "such as 500ms"),
        ),
        (
            "webhooks:\n- on: paid\n  copies: ${WORDS}",
            *(4, 11, "webhooks[0].copies", "a whole number was expected", ""),
        ),
        (
            "webhooks:\n- on: paid\n  copies: ${EMPTY:-0}",
            *(4, 11, "webhooks[0].copies", "`0` is less than 1 (from `${EMPTY:-0}`)", ""),
        ),
        (
            'settings: {webhook_url: "${CHANNEL}"}',
            *(2, 25, "settings.webhook_url", "(from `${CHANNEL}`)", ""),
        ),
        (
            "settings:\n  webhook_version: ${YEAR:-2021}",
            *(3, 20, "settings.webhook_version", "`2021` is not one of", "mean `2022`?"),
        ),
        (
            'channels: {sms: [{fail: "${CODE}"}]}',
            *(2, 25, "channels.sms[0].fail", "`051` is no known failure code", "30001"),
        ),
        (
            "channels:\n  sms: [{deliver: 2s}]\n  ${CHANNEL}: []",
            4,
            3,
            "",
            "there twice",
            "keep one",
        ),
        ("channels: {sms: [{deliver: ${DELAY}}]}", 2, 29, "", "',' or '}'", "quote a text with"),
        ("channels: [${DELAY}]", 2, 13, "", "',' or ']'", "quote a text with"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_mend(
    text: str, line: int, column: int, path: str, message: str, hint: str
) -> None:
    problem = problems_of(text)[0]

    assert (problem.line, problem.column) == (line, column)
    assert problem.path in {path, "channels.sms"}
    assert message in problem.message
    assert hint in problem.hint


def test_what_cannot_be_put_in_is_told_once_and_other_mistakes_beside_it() -> None:
    problems = problems_of(
        "payment: [{outcome: '${NOT_SET}', after: soon}]\nchannels: {'${NOR_THIS}': []}\npaymnt: 1"
    )

    assert [(each.line, each.path) for each in problems] == [
        (2, "payment[0].outcome"),
        (2, "payment[0].after"),
        (3, "channels.${NOR_THIS}"),
        (4, "paymnt"),
    ]


def test_a_request_reads_only_variables_that_are_meant_for_it() -> None:
    allowed = LOADER.load("scenario: a\ndescription: ${OTTU_SANDBOX_VAR_DELAY}")

    (problem,) = problems_of("description: ${DELAY:-2s}", source="<request>")

    assert allowed.description == "4s"
    assert "cannot read the variable `DELAY`" in problem.message
    assert "OTTU_SANDBOX_VAR_" in problem.hint
    assert "3s" not in str(problem)


def test_variables_that_unfold_to_far_more_than_is_written_are_refused() -> None:
    loader = ScenarioLoader(SCHEMA, {"LONG": "x" * 100_000})
    text = "scenario: a\npayment:\n" + "- {outcome: failed, message: '${LONG}'}\n" * 900

    with pytest.raises(InvalidScenario) as refused:
        loader.load(text, source="shop.yaml")

    assert "more than 1 MiB" in str(refused.value)


@given(st.text(alphabet="${}:-ABeach.x \n'\"[]"), st.text(alphabet="a5.: {}[]$"))
def test_no_text_raises_anything_but_invalid_scenario(text: str, value: str) -> None:
    loader = ScenarioLoader(SCHEMA, {"A": value, "B": ""})
    for written in (text, f"scenario: a\ndescription: {text}", f"scenario: a\n{text}: 1"):
        with suppress(InvalidScenario):
            loader.load(written, source="shop.yaml")
