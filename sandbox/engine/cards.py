"""Saved cards: which try saves one, how an agreement gets its card, and how one is forgotten.

Source: FACTS 10.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sandbox.domain.cards import (
    USUAL_EXPIRY,
    USUAL_NUMBER,
    Card,
    CardFace,
    Environment,
    brand_of,
    masked_number,
    plain_number,
    preferred_first,
)
from sandbox.domain.gateways import Gateway, GatewayCatalog
from sandbox.domain.operations import Refused
from sandbox.domain.transactions import Attempt, PaymentTerms, PaymentType
from sandbox.engine.commands import PayerTry
from sandbox.engine.errors import CardNotSavable, UnknownCard
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Outcome, PaymentStep

_ALWAYS_SAVED: Final = frozenset({PaymentType.AUTO_DEBIT, PaymentType.SAVE_CARD})
_KEEPS: Final[dict[PaymentType, Callable[[Gateway], bool]]] = {
    PaymentType.SAVE_CARD: lambda gateway: gateway.tokenization,
    # Who charges a card again must have kept it, whatever else the gateway offers of that.
    PaymentType.AUTO_DEBIT: lambda gateway: gateway.tokenization or gateway.auto_debit,
}
_LONGEST_NAME: Final = 64
_GENERIC: Final = "ottu_sandbox"
_NOBODY_THERE: Final = PaymentStep(
    outcome=Outcome.FAILED,
    gateway_code="1A",
    message="The card's bank asks for 3-D Secure, and the customer is not there.",
)
_LOCKED: Final = Refused(
    rule="locked",
    reason="The card is locked: an agreement charges it. It is free when the customer pays with "
    "another card under that agreement.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CardQuery:
    """Which saved cards are meant: those of a customer, perhaps at some gateways, or for one use."""

    customer_id: str
    environment: Environment
    gateways: frozenset[str] = frozenset()
    agreement_id: str | None = None

    def takes(self, card: Card) -> bool:
        """Tell whether a card is one of them."""
        return (
            card.customer_id == self.customer_id
            and card.environment is self.environment
            and (not self.gateways or card.gateway in self.gateways)
            and (self.agreement_id is None or self.agreement_id in card.agreements)
        )


def listed(workspace: Workspace, query: CardQuery) -> list[Card]:
    """Return the saved cards that a query means, the preferred one first, then the newest."""
    return preferred_first(each for each in workspace.tables.of(Card).values() if query.takes(each))


def forget(work: Work, query: CardQuery, token: str) -> Refused | None:
    """Forget a card; refused while an agreement charges it.

    Raises:
        UnknownCard: the customer has no card with this token.
    """
    cards = work.kept(Card)
    card = cards.get(token)
    if card is None or not query.takes(card):
        raise UnknownCard
    if card.is_locked:
        return _LOCKED
    work.drop(card)
    if card.is_preferred:
        rest = (each for each in cards.values() if query.takes(each) and each.token != token)
        for newest in preferred_first(rest)[:1]:
            work.keep(replace(newest, is_preferred=True))
    return None


def refuse_gateways(terms: PaymentTerms, gateways: GatewayCatalog) -> Refused | None:
    """Return why a payment that always saves its card cannot be made at one of its gateways."""
    keeps = _KEEPS.get(terms.payment_type)
    if keeps is None:
        return None
    for code in terms.gateway_codes:
        if not keeps(gateways.named(code)):
            reason = (
                f"The gateway `{code}` cannot keep cards, as {terms.payment_type} payments need."
            )
            return Refused(rule="tokenization", field="pg_codes", reason=reason)
    return None


def unattended(step: PaymentStep) -> PaymentStep:
    """Return how a try ends where nobody is there: a 3-D Secure step is not passed."""
    return _NOBODY_THERE if step.outcome is Outcome.CHALLENGE else step


def always_saves(terms: PaymentTerms) -> bool:
    """Tell whether the card of a payment is saved without asking the payer."""
    return terms.payment_type in _ALWAYS_SAVED


def can_save(terms: PaymentTerms, gateway: Gateway) -> bool:
    """Tell whether the payer may choose to save a card; payments that always do ask nobody."""
    return not always_saves(terms) and gateway.tokenization and terms.customer_id is not None


def face_to_save(terms: PaymentTerms, payer: PayerTry, gateway: Gateway) -> CardFace | None:
    """Return what is to be kept of the payer's card if the try succeeds; None for nothing.

    Raises:
        CardNotSavable: the payer wants it, and the gateway or the payment does not allow it.
    """
    if payer.saved_card is not None:
        return None
    if not always_saves(terms):
        if not payer.save_card:
            return None
        if not can_save(terms, gateway):
            lacking = "tokenization" if terms.customer_id else "a `customer_id`"
            whose = f"gateway `{gateway.code}`" if terms.customer_id else "payment"
            raise CardNotSavable(f"The card cannot be saved: the {whose} has no {lacking}.")
    number = plain_number(payer.card or _usual_number(gateway))
    known = next((card.brand.upper() for card in gateway.test_cards if card.number == number), None)
    return CardFace(
        number=masked_number(number),
        brand=known or brand_of(number),
        expiry=payer.expiry or USUAL_EXPIRY,
    )


def kept(work: Work, attempt: Attempt, gateway: Gateway) -> Attempt:
    """Keep the card of an attempt that has succeeded; return the attempt with its saved card.

    An agreement goes over to the card that its customer has just paid with. A saved card that was
    charged stays as it is, for only a payment with a new card changes what an agreement charges.
    """
    terms = work.payment.terms
    face = attempt.card_to_save
    if attempt.saved_card is not None or terms.customer_id is None:
        return attempt
    if face is None and always_saves(terms):
        # The gateway reports a success of which nobody has seen the card.
        face = face_to_save(terms, PayerTry(), gateway)
    if face is None:
        return attempt
    mine = [each for each in work.kept(Card).values() if each.customer_id == terms.customer_id]
    agreement = terms.agreement.id if terms.agreement else None
    if terms.payment_type is not PaymentType.AUTO_DEBIT:
        agreement = None
    card = _saved(work, face, gateway, mine)
    for other in mine:
        if other.token != card.token:
            rest = tuple(each for each in other.agreements if each != agreement)
            changed = replace(other, agreements=rest, is_preferred=False)
            if changed != other:
                work.keep(changed)
    if agreement is not None and agreement not in card.agreements:
        card = replace(card, agreements=(*card.agreements, agreement))
        work.happened(Kind.AGREEMENT, agreement=agreement, number=face.number)
    work.keep(card)
    work.happened(Kind.CARD_SAVED, number=face.number, token=card.token)
    return replace(attempt, saved_card=card)


def _saved(work: Work, face: CardFace, gateway: Gateway, mine: list[Card]) -> Card:
    """Return the card to keep: the one that has this number at this gateway already, or a new one."""
    terms = work.payment.terms
    for card in mine:
        if card.gateway == gateway.code and card.face.number == face.number:
            return replace(card, face=face, is_preferred=True)
    customer = terms.customer_id or ""
    return Card(
        token=work.identify("card", customer),
        customer_id=customer,
        gateway=gateway.code,
        # A card names a gateway that the platform has; a code that nobody listed is none of them.
        gateway_name=_GENERIC if gateway.generic else gateway.name,
        face=face,
        name_on_card=_name(terms),
        cvv_required=not gateway.auto_debit,
        ordinal=work.ordinal("saved_card", customer),
    )


def _usual_number(gateway: Gateway) -> str:
    good = (card.number for card in gateway.test_cards if card.outcome == "success")
    return next(good, USUAL_NUMBER)


def _name(terms: PaymentTerms) -> str | None:
    details = json.loads(terms.details)
    parts = (details.get("customer_first_name"), details.get("customer_last_name"))
    name = " ".join(each for each in parts if isinstance(each, str) and each).upper()
    return name[:_LONGEST_NAME] or None
