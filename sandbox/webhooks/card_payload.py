"""A saved card as webhooks and card lists show it (schema `Card`)."""

from datetime import datetime

from sandbox.domain.cards import Card


def card_fields(card: Card, *, at: datetime) -> dict[str, object]:
    """Return the card as it is at an instant; its number is masked already."""
    expiry = card.face.expiry
    return {
        "agreements": list(card.agreements),
        "brand": card.face.brand,
        "customer_id": card.customer_id,
        "cvv_required": card.cvv_required,
        "expiry_month": f"{expiry.month:02}",
        "expiry_year": f"{expiry.year % 100:02}",
        "is_expired": expiry.is_over(at),
        "is_preferred": card.is_preferred,
        "name_on_card": card.name_on_card,
        "number": card.face.number,
        "pg_code": card.gateway,
        "pg_name": card.gateway_name,
        "token": card.token,
    }
