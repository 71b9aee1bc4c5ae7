"""Fills in the templates of the pages."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.channels.templates import LANGUAGES, RIGHT_TO_LEFT
from sandbox.domain.gateways import GatewayCatalog, TestCard
from sandbox.domain.money import format_amount
from sandbox.domain.transactions import PaymentTransaction
from sandbox.web.pages.prices import paid_with
from sandbox.web.pages.texts import NAMES, read_texts

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = Path(__file__).parent / "templates"
_CARD_GROUP: Final = 4


class PageWriter:
    """Writes pages. `root` is the path under which a proxy shows the sandbox, mostly nothing."""

    def __init__(self, gateways: GatewayCatalog, root: str) -> None:
        self._gateways = gateways
        self._root = root
        self._texts: dict[str, Mapping[str, Any]] = {}

    def write(self, template: str, language: str, here: str, **values: object) -> str:
        """Return a page as HTML.

        `here` is the page's own address up to where a further parameter follows; empty for a page
        that cannot be had again by its address.
        """
        return self._environment.get_template(template).render(
            t=self._texts_in(language),
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            languages=[(code, NAMES[code]) for code in LANGUAGES],
            root=self._root,
            here=here,
            **values,
        )

    def _texts_in(self, language: str) -> Mapping[str, Any]:
        if language not in self._texts:
            self._texts[language] = read_texts(language)
        return self._texts[language]

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            money=money,
            instant=_instant,
            card_choice=_card_choice,
            gateway_title=lambda code: self._gateways.named(code).title,
            paid_with=paid_with,
        )
        return environment


def money(amount: Decimal, payment: PaymentTransaction) -> str:
    """Write an amount of a payment with its currency: `10.000 KWD`."""
    code = payment.terms.currency_code
    return f"{format_amount(amount, code)} {code}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _card_choice(card: TestCard, texts: Mapping[str, Any]) -> str:
    """Write a test card as one chooses it; the number runs from left to right in any language."""
    digits = card.number
    groups = " ".join(
        digits[start : start + _CARD_GROUP] for start in range(0, len(digits), _CARD_GROUP)
    )
    parts = (f"\u2066{groups}\u2069", card.brand, texts["outcomes"][card.outcome], card.message)
    return " · ".join(part for part in parts if part)
