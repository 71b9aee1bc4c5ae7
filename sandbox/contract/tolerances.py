"""What the platform takes although the document says otherwise, in every mode and without a word.

Each table is a list of deviations; nothing else in the contract knows a field by name but the field
rules. Source: FACTS 7 (`notifications`, `unit_config`), 10 (agreement dates, `extra`).
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
NOTIFY: Final = "POST /b/pbl/v2/send-notification/"
NOTIFY_BY_CHANNEL: Final = "POST /b/pbl/v2/notifications/send/{channel}/"
UPLOAD: Final = "POST /b/checkout/v1/upload-attachment/"

# Objects whose keys may be written in any case; they are read in lower case.
KEYS_IN_ANY_CASE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*CHECKOUT_CALLS, INVOICE), ("notifications",)),
}

# Fields that the platform knows and the document lacks.
UNDOCUMENTED: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys((*CHECKOUT_CALLS, INVOICE), frozenset({"extra"})),
    # published examples repeat in the body what the path says
    NOTIFY_BY_CHANNEL: frozenset({"channel"}),
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
# Values that are a text where a document says otherwise: a published example names the unit.
_OTHER_TYPES: Final[Mapping[str, frozenset[Location]]] = dict.fromkeys(
    (NOTIFY, NOTIFY_BY_CHANNEL), frozenset({("unit_config",)})
)

# Fields that documents require and published examples leave out; a star stands for any position.
_MAY_BE_MISSING: Final[Mapping[str, frozenset[Location]]] = {
    # the invoice's own currency counts
    INVOICE: frozenset({("invoice_items", "*", "currency_code")}),
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
    """Tell whether the platform takes this value although its format or type is another, or none."""
    if violation.rule == "type" and violation.location in _OTHER_TYPES.get(operation_key, ()):
        return isinstance(value, str)
    if violation.rule == "required":
        place = tuple("*" if isinstance(step, int) else step for step in violation.location)
        return place in _MAY_BE_MISSING.get(operation_key, ())
    if violation.rule != "format":
        return False
    takes = _OTHER_NOTATIONS.get(operation_key, {}).get(violation.location)
    return takes is not None and isinstance(value, str) and takes(value)
