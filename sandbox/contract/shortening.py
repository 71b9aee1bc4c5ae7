"""Shorten what is judged in detail: a list of a million mistakes takes a validator many seconds."""

from typing import Any, Final

from sandbox.contract.violations import Location, Violation

MOST_ITEMS: Final = 1000


def shortened(
    value: Any,  # noqa: ANN401 - any JSON value in, the same kind out
    location: Location = (),
) -> tuple[Any, Location | None]:
    """Return a value with long lists cut, and the place of the first one that was.

    The same object where none is long.
    """
    place = None
    if isinstance(value, list):
        place = location if len(value) > MOST_ITEMS else None
        kept = value[:MOST_ITEMS]
        pairs = [shortened(one, (*location, index)) for index, one in enumerate(kept)]
    elif isinstance(value, dict):
        pairs = [shortened(one, (*location, name)) for name, one in value.items()]
    else:
        return value, None
    place = next((inner for _, inner in pairs if inner is not None), place)
    if place is None:
        return value, None
    items = [one for one, _ in pairs]
    return (dict(zip(value, items, strict=True)) if isinstance(value, dict) else items), place


def beyond(place: Location) -> Violation:
    """Return what to say where nothing is wrong with what a cut has left."""
    message = f"Something is wrong beyond the first {MOST_ITEMS} items of this list."
    return Violation(location=place, rule="more", message=message)
