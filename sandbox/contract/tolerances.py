"""What the platform takes although the document says otherwise, in every mode and without a word.

Each table is a list of deviations; nothing else in the contract knows a field by name but the field
rules. Source: FACTS 7 (`notifications`), 10 (agreement dates, `extra`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.contract.formats import is_day_first_date
from sandbox.contract.violations import Location, Violation

CHECKOUT: Final = "POST /b/checkout/v1/pymt-txn/"
FULL_UPDATE: Final = "PUT /b/checkout/v1/pymt-txn/{session_id}/"
PARTIAL_UPDATE: Final = "PATCH /b/checkout/v1/pymt-txn/{session_id}/"
CHECKOUT_CALLS: Final = (CHECKOUT, FULL_UPDATE, PARTIAL_UPDATE)
INVOICE: Final = "POST /b/invoice/v1/invoice/"
UPLOAD: Final = "POST /b/checkout/v1/upload-attachment/"

# Objects whose keys may be written in any case; they are read in lower case.
KEYS_IN_ANY_CASE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*CHECKOUT_CALLS, INVOICE), ("notifications",)),
}

# Fields that the platform knows and the document lacks.
UNDOCUMENTED: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys((*CHECKOUT_CALLS, INVOICE), frozenset({"extra"})),
}

_AGREEMENT_DATES: Final[Mapping[Location, Callable[[str], bool]]] = {
    ("agreement", "start_date"): is_day_first_date,
    ("agreement", "expiry_date"): is_day_first_date,
}
# Values that a format of the document refuses and the platform takes.
_OTHER_NOTATIONS: Final[Mapping[str, Mapping[Location, Callable[[str], bool]]]] = {
    **dict.fromkeys((*CHECKOUT_CALLS, INVOICE), _AGREEMENT_DATES),
    # typed as an address, sent as a file
    UPLOAD: {("file",): lambda _: True},
}


def with_lower_case_keys(operation_key: str, body: object) -> Any:  # noqa: ANN401 - as it came
    """Return the body with the keys of the tolerant objects in lower case; itself where they are.

    Where a key stands there in two cases, the one in lower case counts.
    """
    names = KEYS_IN_ANY_CASE.get(operation_key)
    if names is None or not isinstance(body, dict):
        return body
    for name in names:
        inner = body.get(name)
        if isinstance(inner, dict) and inner and not "".join(inner).islower():
            lowered = {key.lower(): value for key, value in inner.items()}
            lowered.update((key, value) for key, value in inner.items() if key.islower())
            body = {**body, name: lowered}
    return body


def is_tolerated(operation_key: str, violation: Violation, value: object) -> bool:
    """Tell whether the platform takes this value although its format is another."""
    if violation.rule != "format":
        return False
    takes = _OTHER_NOTATIONS.get(operation_key, {}).get(violation.location)
    return takes is not None and isinstance(value, str) and takes(value)
