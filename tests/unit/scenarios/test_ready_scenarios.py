"""The library of ready scenarios, the page about the language, and the schema of both."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from sandbox.channels.failures import FAILURES
from sandbox.domain.events import Event
from sandbox.domain.operations import Operation
from sandbox.domain.states import State
from sandbox.scenarios.inheritance import INHERITED, Family
from sandbox.scenarios.library import BuiltInScenarios
from sandbox.scenarios.model import (
    FaultKind,
    Finding,
    Outcome,
    Tamper,
    TimelineAction,
)
from tests.unit.scenarios.loading import CHECKOUT, LOADER

READY = BuiltInScenarios(CHECKOUT / "scenarios", LOADER)
PAGE = (CHECKOUT / "docs" / "scenarios.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SCHEMA = json.loads((CHECKOUT / "specs" / "scenario.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", READY.names)
def test_a_ready_scenario_tells_its_story_and_all_that_it_expects(name: str) -> None:
    scenario = READY.find(name)

    assert scenario is not None
    assert scenario.description.endswith(".")
    assert scenario.expect is not None
    assert scenario.expect.states
    assert scenario.expect.messages
    assert scenario.expect.webhooks is not None


def test_there_are_stories_for_everything_a_merchant_meets() -> None:
    assert len(READY.names) >= 90


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_loads(example: str) -> None:
    family = Family(LOADER.finish, READY.parents)
    members = [family.add(each) for each in LOADER.drafts(example, source="page.yaml")]
    scenarios, problems = family.scenarios(members)

    assert (len(scenarios), problems) == (len(members), ())


def test_the_page_shows_every_key() -> None:
    shown = set(re.findall(r"\b((?:for )?[a-z_]+):", "".join(EXAMPLES)))
    top = set(SCHEMA["properties"])
    steps = ("match", "paymentStep", "timelineStep", "inquiryStep", "webhookRule", "apiFault")
    inner = {key for name in steps for key in SCHEMA["$defs"][name]["properties"]}
    settings = {
        key for key, rule in SCHEMA["$defs"]["settings"]["properties"].items() if "not" not in rule
    }
    played = set(SCHEMA["$defs"]["playStep"]["else"]["properties"])
    expected = set(SCHEMA["$defs"]["expect"]["properties"])

    assert (top | inner | settings | played | expected) - shown == set()


def test_every_key_is_taken_over_but_those_of_the_file_itself() -> None:
    own = {"scenario", "extends", "for each", "match"}

    assert SCHEMA["properties"].keys() - own == set(INHERITED)


def keys_of(node: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Walk through all keys that the language has, with their rules."""
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        for each in node.values():
            yield from keys_of(each)


def test_every_key_of_the_schema_is_described_for_editors() -> None:
    definitions = SCHEMA["$defs"]
    silent = [
        key
        for key, rule in keys_of({**SCHEMA, **definitions})
        if not rule.keys() & {"description", "not", "enum", "const", "properties"}
        and "description" not in definitions.get(str(rule.get("$ref", "")).rsplit("/", 1)[-1], {})
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("event", Event),
        ("state", State),
        ("operationName", Operation),
        ("paymentOutcome", Outcome),
    ],
)
def test_the_schema_has_the_words_of_the_domain(definition: str, words: type) -> None:
    assert SCHEMA["$defs"][definition]["enum"] == [str(word) for word in words.__members__.values()]  # type: ignore[attr-defined]


def test_the_schema_has_the_words_of_the_model() -> None:
    definitions = SCHEMA["$defs"]

    assert words_of(definitions["paymentStep"], "outcome") == set(Outcome)
    assert words_of(definitions["timelineStep"], "do") == set(TimelineAction)
    assert words_of(definitions["inquiryStep"], "finds") == set(Finding)
    assert words_of(definitions["webhookRule"], "tamper") == set(Tamper)
    assert {*definitions["fault"]["then"]["enum"], "status"} == set(FaultKind)


def words_of(definition: Mapping[str, Mapping[str, Mapping[str, list[str]]]], key: str) -> set[str]:
    return set(definition["properties"][key]["enum"])


def test_the_schema_has_the_failure_codes_that_channels_know() -> None:
    for channel, failures in FAILURES.items():
        listed = SCHEMA["$defs"][f"{channel}Code"]["enum"]
        assert {str(code) for code in listed} == set(failures)
