"""What scenarios cost: choosing one among many, loading many, and a long story in `scenario test`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from benchmarks.goals import Goal
from sandbox import resources
from sandbox.playing.stage import stage
from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary, load_folder
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.model import Scenario

MANY: Final = 500
_ASKED: Final = 2_000
_TIMES: Final = 9
_LOADS: Final = 3
_CHECKOUT: Final[Mapping[str, object]] = {"order_no": "another", "amount": "10.000"}
_FILE: Final = """\
scenario: order-{number}
description: The card of order {number} is declined, then works; the SMS fails twice.
match: {{order_no: "order-{number}"}}
payment:
  - {{outcome: failed, gateway_code: "51", message: Insufficient funds}}
  - {{outcome: success, after: 2s}}
channels:
  sms: [{{fail: "30003", times: 2}}, {{deliver: 3s}}]
webhooks:
  - {{on: paid, copies: 2, delay: 10s}}
"""
# A day until it expires, three inquiries half an hour apart, three tries that time out.
_LONG: Final = """\
scenario: a-long-day
settings: {expire_after: 24h}
payment: [{outcome: failed}, {outcome: pending}]
inquiry: [{finds: pending}]
play:
  - receiver: timeout
  - checkout
  - pay
  - pay
  - advance: 30m
  - inquire
  - advance: 30m
  - inquire
  - advance: 30m
  - inquire
  - advance: 24h
expect:
  states: [created, pending, attempted, pending, expired]
  webhooks:
    - {event: attempted, status: failed, tries: [null, null, null]}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioCosts:
    """Times in ms; `matching` is how much longer choosing takes among many than with one."""

    matching: float
    loading: float
    long_play: float


async def measure_scenarios() -> ScenarioCosts:
    """Measure in this process; no server takes part."""
    schema = (resources.specs() / "scenario.schema.json").read_bytes()
    loader = ScenarioLoader(schema)
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(MANY):
            text = _FILE.format(number=number)
            (folder / f"order-{number:03}.yaml").write_text(text, encoding="utf-8")
        loading = median(_took(lambda: load_folder(folder, loader)) for _ in range(_LOADS))
        scenarios = load_folder(folder, loader)
    one, many = _library(loader, scenarios[:1]), _library(loader, scenarios)
    # One after the other, so that a busy machine disturbs both.
    ratios = [_asking(many) / _asking(one) for _ in range(_TIMES)]
    return ScenarioCosts(
        matching=median(ratios), loading=loading, long_play=await _long_play(loader)
    )


def scenario_goals(costs: ScenarioCosts) -> list[Goal]:
    """Return the goals of scenarios with what was measured for them."""
    figures = (
        (f"matching, {MANY} scenarios to 1", costs.matching, "x", 1.5),
        (f"loading {MANY} scenarios", costs.loading, "ms", 300.0),
        ("a day in `scenario test`", costs.long_play, "ms", 500.0),
    )
    return [
        Goal(name=name, figure=figure, unit=unit, limits=(None, limit, None), at_most=True)
        for name, figure, unit, limit in figures
    ]


def _library(loader: ScenarioLoader, own: tuple[Scenario, ...]) -> ScenarioLibrary:
    return ScenarioLibrary(built_in=BuiltInScenarios(resources.scenarios(), loader), own=own)


def _asking(library: ScenarioLibrary) -> float:
    def ask() -> None:
        for _ in range(_ASKED):
            library.matching(_CHECKOUT)

    return _took(ask)


def _took(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


async def _long_play(loader: ScenarioLoader) -> float:
    scenario = loader.load(_LONG)
    took = []
    async with stage() as playing:
        for _ in range(_TIMES):
            began = perf_counter()
            played = await playing.play(scenario)
            took.append((perf_counter() - began) * 1000)
            if played.differences:
                raise RuntimeError("\n".join(map(str, played.differences)))
    return median(took)
