"""What a play was expected to bring, compared with what it brought.

Source: DESIGN (scenario language, `expect`; control API, fields of message and delivery).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.domain.states import State
from sandbox.scenarios.plays import Expect

Record = Mapping[str, object]

_CONTAINED: Final = frozenset({"text", "subject", "detail"})
_NONE: Final = "(none)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What happened in a play, in the order it happened.

    Messages and deliveries have the fields of the control API. An answer has `status` and `body`.
    """

    states: Sequence[str] = ()
    messages: Sequence[Record] = ()
    webhooks: Sequence[Record] = ()
    answers: Sequence[Record] = ()
    findings: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One expectation that was not met, in lines to be read one above the other."""

    about: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.about}\n  expected: {self.expected}\n  actual:   {self.actual}"


def compare(expect: Expect, observed: Observed) -> list[Difference]:
    """Return every difference; an empty list when all is as expected."""
    return [
        *_states(expect, observed),
        *_messages(expect, observed),
        *_one_by_one("webhooks", expect.webhooks, observed.webhooks, _webhook_fits),
        *_one_by_one("answers", expect.answers, observed.answers, _fits),
        *_findings(expect, observed),
    ]


def _states(expect: Expect, observed: Observed) -> Iterator[Difference]:
    if expect.states is None:
        return
    left = iter(expect.states)
    wanted = next(left, None)
    met = True
    for state in observed.states:
        if wanted is not None and state == wanted:
            wanted = next(left, None)
        elif state != State.PENDING:
            met = False
    if not met or wanted is not None:
        yield Difference(
            about="states",
            expected=_arrows(expect.states),
            actual=_arrows(observed.states),
        )


def _messages(expect: Expect, observed: Observed) -> Iterator[Difference]:
    if expect.messages is None:
        return
    if not expect.messages and observed.messages:
        yield Difference(
            about="messages", expected=_NONE, actual=_listed(observed.messages, _MESSAGE_KEYS)
        )
    position = 0
    for number, wanted in enumerate(expect.messages):
        found = next(
            (
                at
                for at in range(position, len(observed.messages))
                if _fits(wanted, observed.messages[at])
            ),
            None,
        )
        if found is None:
            after = f", after the {position} that fit so far" if position else ""
            yield Difference(
                about=f"messages[{number}]",
                expected=_shown(wanted, tuple(wanted)),
                actual=f"no such message{after}: {_listed(observed.messages, _MESSAGE_KEYS)}",
            )
            return
        position = found + 1


def _one_by_one(
    about: str,
    expected: Sequence[Record] | None,
    actual: Sequence[Record],
    fits: Callable[[Record, Record], bool],
) -> Iterator[Difference]:
    """Compare lists that must have the same length and order."""
    if expected is None:
        return
    for number, wanted in enumerate(expected):
        if number >= len(actual):
            yield Difference(
                about=f"{about}[{number}]",
                expected=_shown(wanted, tuple(wanted)),
                actual=f"{_NONE}; there were {len(actual)}",
            )
        elif not fits(wanted, actual[number]):
            yield Difference(
                about=f"{about}[{number}]",
                expected=_shown(wanted, tuple(wanted)),
                actual=_shown(
                    _with_payload(actual[number], tries_as=wanted.get("tries")), tuple(wanted)
                ),
            )
    for number in range(len(expected), len(actual)):
        keys = _WEBHOOK_KEYS if about == "webhooks" else tuple(actual[number])
        yield Difference(
            about=f"{about}[{number}]", expected=_NONE, actual=_shown(actual[number], keys)
        )


def _findings(expect: Expect, observed: Observed) -> Iterator[Difference]:
    if expect.findings is None:
        return
    shown = ", ".join(observed.findings) or _NONE
    if not expect.findings and observed.findings:
        yield Difference(about="findings", expected=_NONE, actual=shown)
    for code in expect.findings:
        if code not in observed.findings:
            yield Difference(about="findings", expected=code, actual=shown)


def _fits(wanted: Record, actual: Record) -> bool:
    return all(_field_fits(key, value, actual.get(key)) for key, value in wanted.items())


def _field_fits(key: str, wanted: object, actual: object) -> bool:
    if key in _CONTAINED and isinstance(wanted, str):
        return isinstance(actual, str) and wanted in actual
    return covers(wanted, actual)


def covers(wanted: object, actual: object) -> bool:
    """Tell whether a value has all that is wanted of it; mappings may have more."""
    if isinstance(wanted, Mapping):
        return isinstance(actual, Mapping) and all(
            key in actual and covers(value, actual[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return (
            isinstance(actual, list | tuple)
            and len(wanted) == len(actual)
            and all(map(covers, wanted, actual))
        )
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return wanted is actual
    return wanted == actual


def _webhook_fits(wanted: Record, actual: Record) -> bool:
    return _fits(wanted, _with_payload(actual, tries_as=wanted.get("tries")))


def _with_payload(record: Record, tries_as: object = None) -> Record:
    """Return a delivery with what its payload says, and its tries as they are asked for."""
    payload = record.get("payload")
    tries = record.get("tries")
    more: dict[str, object] = {}
    if isinstance(payload, Mapping):
        transaction = payload.get("txn")
        of_child = transaction.get("state") if isinstance(transaction, Mapping) else None
        more = {"state": payload.get("state", of_child), "result": payload.get("result")}
    if isinstance(tries, list | tuple):
        codes = [each.get("status_code") for each in tries if isinstance(each, Mapping)]
        more["tries"] = codes if isinstance(tries_as, list | tuple) else len(tries)
    return {**record, **more}


_MESSAGE_KEYS: Final = ("channel", "event", "status", "code")
_WEBHOOK_KEYS: Final = ("kind", "event", "status")


def _shown(record: Record, keys: Sequence[str]) -> str:
    parts = (f"{key}: {_value(record[key])}" for key in keys if record.get(key) is not None)
    return f"{{{', '.join(parts)}}}"


def _value(value: object) -> str:
    return str(value).replace("\n", " ")[:80]


def _listed(records: Sequence[Record], keys: Sequence[str]) -> str:
    return ", ".join(_shown(each, keys) for each in records) or _NONE


def _arrows(states: Sequence[str]) -> str:
    return " → ".join(states) or _NONE
