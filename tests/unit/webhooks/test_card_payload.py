"""A saved card as the document has it."""

from datetime import UTC, datetime

import yaml

from sandbox import resources
from sandbox.domain.cards import Card, CardFace, Expiry
from sandbox.gateway_file import read_gateways
from sandbox.webhooks.card_payload import card_fields


def test_a_card_tells_whether_it_has_expired_by_then() -> None:
    card = Card(
        token="t",
        customer_id="noura-77",
        gateway="credit-card",
        gateway_name="mpgs",
        face=CardFace(number="424242******4242", brand=None, expiry=Expiry(2030, 1)),
        name_on_card=None,
        cvv_required=False,
        ordinal=1,
    )

    before = card_fields(card, at=datetime(2030, 1, 31, tzinfo=UTC))
    after = card_fields(card, at=datetime(2030, 2, 1, tzinfo=UTC))

    assert (before["expiry_month"], before["expiry_year"]) == ("01", "30")
    assert (before["is_expired"], after["is_expired"]) == (False, True)


def test_every_gateway_that_keeps_cards_has_a_name_that_the_document_knows() -> None:
    specs = resources.specs()
    catalog = read_gateways((specs / "gateways.yaml").read_text(encoding="utf-8"))
    document = yaml.load((specs / "ottu.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    known = set(document["components"]["schemas"]["GatewayName"]["enum"])

    keeping = [catalog.named(code) for code in catalog.codes()]
    assert {each.name for each in keeping if each.tokenization or each.auto_debit} <= known
