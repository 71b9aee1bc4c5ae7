"""Puts values that mean something into most calls that Schemathesis makes.

An identifier made from a schema names nothing, so every call would end at the first 404. Schemathesis
loads this module in its own process; the test says in the environment what there is to name.
"""

import json
import os
import zlib
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final

import schemathesis

Case = schemathesis.Case[Any]

# For each path, and for `*`, the values that a field or parameter may have:
# `{"*": {"session_id": ["…", …]}}`.
KNOWN_VALUES: Final = "GENERATED_CALLS_KNOWN_VALUES"
EVERYWHERE: Final = "*"
# One call in so many stays as it was made.
_UNTOUCHED: Final = 4
# Where the server itself will call, which must not be an address somebody made up.
_NEVER_MADE_UP: Final = frozenset({"webhook_url"})

_known: Final[Mapping[str, Mapping[str, Sequence[Any]]]] = json.loads(
    os.environ.get(KNOWN_VALUES, "{}")
)


@schemathesis.hook
def map_case(_context: schemathesis.HookContext, case: Case) -> Case:
    """Replace values by known ones; which, follows from the call itself."""
    places = (case.path_parameters, case.query, case.body)
    filled = [place for place in places if isinstance(place, MutableMapping)]
    made = repr([dict(place) for place in filled]).encode()
    draw, chance = divmod(zlib.crc32(made), _UNTOUCHED)
    known = {**_known.get(EVERYWHERE, {}), **_known.get(case.operation.path, {})}
    wanted = known.keys() if chance else _NEVER_MADE_UP
    for place in filled:
        for name in wanted & place.keys():
            place[name] = known[name][draw % len(known[name])]
    return case
