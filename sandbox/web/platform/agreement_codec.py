"""What a checkout says of charges to come: its agreement, and how long a card must be valid.

Without validation anything may stand in these fields; what cannot be read sets no limit.

Source: FACTS 10 (agreement dates in two notations); schemas `Agreement`, `CardAcceptanceCriteria`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from sandbox.domain.agreements import Agreement

_NOTATIONS: Final = ("%Y-%m-%d", "%d/%m/%Y")


def read_agreement(value: object) -> Agreement | None:
    """Return the agreement of these fields; None where there is none."""
    if not isinstance(value, Mapping):
        return None
    name = value.get("id")
    return Agreement(
        id=name if isinstance(name, str) and name else None,
        first_day=_day(value.get("start_date")),
        last_day=_day(value.get("expiry_date")),
        largest_amount=_amount(value.get("max_amount_per_cycle")),
    )


def read_validity(value: object) -> int | None:
    """Return for how many days a card must still be valid; None where nothing is demanded."""
    days = value.get("min_expiry_time") if isinstance(value, Mapping) else None
    return days if isinstance(days, int) and not isinstance(days, bool) else None


def _day(value: object) -> date | None:
    for notation in _NOTATIONS:
        try:
            return datetime.strptime(str(value), notation).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _amount(value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
