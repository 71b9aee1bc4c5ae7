"""Saved cards: the list of a customer's, and forgetting one (FACTS 10)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from sandbox.domain.cards import Environment
from sandbox.domain.operations import Refused
from sandbox.engine import direct_steps
from sandbox.engine.cards import CardQuery, listed
from sandbox.web.answers import Answer, as_json, detail
from sandbox.web.platform.call import PlatformCall
from sandbox.webhooks.card_payload import card_fields

_ENVIRONMENTS: Final = {each.value: each for each in Environment}


async def list_by_body(call: PlatformCall) -> Answer:
    """List a customer's saved cards (POST)."""
    return _list(call, call.fields)


async def list_by_query(call: PlatformCall) -> Answer:
    """List a customer's saved cards (GET)."""
    return _list(call, call.query)


async def forget(call: PlatformCall) -> Answer:
    """Forget a saved card; 400 while an agreement charges it."""
    step = direct_steps.forget_card(
        call.services.engine, call.workspace, _read(call.query), call.path["token"], call.now
    )
    if isinstance(step.result, Refused):
        return detail(HTTPStatus.BAD_REQUEST, step.result.reason)
    return Answer(status=HTTPStatus.NO_CONTENT)


def _list(call: PlatformCall, fields: Mapping[str, Any]) -> Answer:
    found = listed(call.workspace, _read(fields))
    return as_json([card_fields(card, at=call.now) for card in found])


def _read(fields: Mapping[str, Any]) -> CardQuery:
    codes = fields.get("pg_codes")
    return CardQuery(
        customer_id=str(fields.get("customer_id") or ""),
        environment=_ENVIRONMENTS.get(str(fields.get("type")), Environment.SANDBOX),
        gateways=frozenset(map(str, codes if isinstance(codes, list) else ())),
        agreement_id=fields.get("agreement_id") or None,
    )
