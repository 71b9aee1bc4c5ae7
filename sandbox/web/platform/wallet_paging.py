"""Pages of the wallet's lists: a place in a list, and the way from there on or back.

A place is the number of an item, and the items of a list keep their order for good. So what is
added while a caller reads moves nothing to another page.

Source: FACTS 1 (lists of the wallet), schemas `WalletPaginationCursor` and `WalletPage`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from sandbox.web.errors import WrongFields

_FIELD: Final = "pagination"
_USUAL: Final = 20
_MOST: Final = 50

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """A place from which to read on, or back; without a number it is the start of the list."""

    number: int | None = None
    forward: bool = True
    per_page: int = _USUAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[Item]):
    """Items in the order of the list, and where its neighbours are."""

    items: Sequence[Item]
    next: Cursor | None
    previous: Cursor | None


def read_cursor(fields: Mapping[str, object], known: frozenset[int]) -> Cursor:
    """Return the place that a call asks for; `known` are the numbers of the items of its list.

    Raises:
        WrongFields: there is no such place.
    """
    asked = fields.get(_FIELD)
    values: Mapping[str, object] = asked if isinstance(asked, Mapping) else {}
    number = _whole(values, "cursor")
    per_page = _whole(values, "per_page") or _USUAL
    if number is not None and number not in known:
        raise _wrong("cursor", "The list has no item with this number; take `next` or `previous`.")
    if not 1 <= per_page <= _MOST:
        raise _wrong("per_page", f"A page has 1 to {_MOST} items.")
    return Cursor(number=number, forward=values.get("direction") != "backward", per_page=per_page)


def page_of(
    items: Sequence[Item], number_of: Callable[[Item], int], asked: Cursor, *, newest_first: bool
) -> Page[Item]:
    """Return the page at a place; the items come in the order of the list."""
    sign = -1 if newest_first else 1
    ranks = [sign * number_of(each) for each in items]
    start, end = 0, len(items)
    if asked.number is None:
        end = min(end, asked.per_page)
    elif asked.forward:
        start = sum(rank <= sign * asked.number for rank in ranks)
        end = min(end, start + asked.per_page)
    else:
        end = sum(rank < sign * asked.number for rank in ranks)
        start = max(0, end - asked.per_page)
    chosen = items[start:end]
    if not chosen:
        return Page(items=(), next=None, previous=None)
    onward = replace(asked, number=number_of(chosen[-1]), forward=True)
    back = replace(asked, number=number_of(chosen[0]), forward=False)
    return Page(
        items=chosen,
        next=onward if end < len(items) else None,
        previous=back if start else None,
    )


def write_page(
    page: Page[Item], write: Callable[[Item], Mapping[str, object]]
) -> dict[str, object]:
    """Write a page as the wallet's lists have it; `count` is that of the page."""
    return {
        "count": len(page.items),
        "next": _write_cursor(page.next),
        "previous": _write_cursor(page.previous),
        "results": [write(each) for each in page.items],
    }


def _write_cursor(cursor: Cursor | None) -> dict[str, object] | None:
    if cursor is None:
        return None
    direction = "forward" if cursor.forward else "backward"
    return {"cursor": cursor.number, "direction": direction, "per_page": cursor.per_page}


def _whole(values: Mapping[str, object], name: str) -> int | None:
    """Return a whole number; the contract has seen to that unless validation is off."""
    value = values.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(name, "A valid integer is required.")


def _wrong(name: str, message: str) -> WrongFields:
    return WrongFields({_FIELD: {name: [message]}})
