"""Which scenario a checkout gets by its fields."""

import re
from collections import UserDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from sandbox.domain.transactions import PaymentType
from sandbox.scenarios.model import Comparison, Match, Scenario, Sign

_COMPARE: Final = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_PART: Final = re.compile(r" *(?P<sign>>=|<=|!=|>|<|=)? *(?P<amount>[0-9.]+) *", re.ASCII)
_GLOB: Final = re.compile(r"[*?\[]")
_SIGNS: Final[Mapping[str, Sign]] = {
    "=": "=",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


class NotAComparison(ValueError):
    """This text does not compare an amount with anything."""


def read_comparisons(text: str) -> tuple[Comparison, ...]:
    """Read `">= 10"`, `"22.00"` (equal), or several with commas between; all must hold.

    Raises:
        NotAComparison: the text has another form.
    """
    comparisons = []
    for part in text.split(","):
        matched = _PART.fullmatch(part)
        if matched is None:
            raise NotAComparison(text)
        try:
            amount = Decimal(matched["amount"])
        except InvalidOperation:
            raise NotAComparison(text) from None
        comparisons.append(Comparison(sign=_SIGNS[matched["sign"] or "="], amount=amount))
    return tuple(comparisons)


def matches(match: Match, request: Mapping[str, object]) -> bool:
    """Tell whether everything that `match` names holds for a checkout's fields.

    Texts are compared with regard to case; `22` equals `22.00`. A field that the request lacks
    matches nothing, save `payment_type`, whose default is `one_off` (FACTS 10).

    Source: DESIGN (precedence, scenario language).
    """
    given = {"payment_type": PaymentType.ONE_OFF.value, **request}
    return (
        all(_fits(given.get(name), glob) for name, glob in match.texts.items())
        and _amount_fits(match.amount, given.get("amount"))
        and _any_code_fits(match.pg_codes, given.get("pg_codes"))
        and _extra_fits(match.extra, given.get("extra"))
    )


def _fits(value: object, glob: str) -> bool:
    return isinstance(value, str | int | Decimal) and fnmatchcase(str(value), glob)


def _amount_fits(comparisons: tuple[Comparison, ...], value: object) -> bool:
    if not comparisons:
        return True
    if not isinstance(value, str | int | float | Decimal) or isinstance(value, bool):
        return False
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return False
    return amount.is_finite() and all(
        _COMPARE[each.sign](amount, each.amount) for each in comparisons
    )


def _any_code_fits(globs: tuple[str, ...], value: object) -> bool:
    if not globs:
        return True
    if not isinstance(value, list | tuple):
        return False
    return any(_fits(code, glob) for code in value for glob in globs)


def _extra_fits(globs: Mapping[str, str], value: object) -> bool:
    if not globs:
        return True
    return isinstance(value, Mapping) and all(
        _fits(value.get(name), glob) for name, glob in globs.items()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ranked:
    rank: int
    match: Match
    scenario: Scenario


class MatchIndex:
    """Scenarios with a `match`, in the order in which they are asked: by source, then position.

    One whose `order_no` has no wildcard is found by that number, so any number of them costs one
    look; the others are tried one after another.
    """

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        self._by_order_no: dict[str, list[_Ranked]] = {}
        self._others: list[_Ranked] = []
        ordered = sorted(scenarios, key=lambda each: (each.source, each.position))
        for rank, scenario in enumerate(ordered):
            if scenario.match is None:
                continue
            ranked = _Ranked(rank=rank, match=scenario.match, scenario=scenario)
            order_no = scenario.match.texts.get("order_no")
            if order_no is None or _GLOB.search(order_no):
                self._others.append(ranked)
            else:
                self._by_order_no.setdefault(order_no, []).append(ranked)

    def first(self, request: Mapping[str, object]) -> Scenario | None:
        """Return the first scenario whose `match` takes a checkout with these fields."""
        named = self._by_order_no.get(str(request.get("order_no")), ())
        found = next((each for each in named if matches(each.match, request)), None)
        for other in self._others:
            if found is not None and other.rank > found.rank:
                break
            if matches(other.match, request):
                return other.scenario
        return found.scenario if found else None


class MatchedScenarios(UserDict[str, Scenario]):
    """Scenarios by name, with an index that is made once and anew after a change."""

    def __init__(self) -> None:
        self._index: MatchIndex | None = None
        super().__init__()

    def __setitem__(self, name: str, scenario: Scenario) -> None:
        self._index = None
        super().__setitem__(name, scenario)

    def __delitem__(self, name: str) -> None:
        self._index = None
        super().__delitem__(name)

    def first(self, request: Mapping[str, object]) -> Scenario | None:
        """Return the first scenario whose `match` takes a checkout with these fields."""
        if self._index is None:
            self._index = MatchIndex(self.values())
        return self._index.first(request)
