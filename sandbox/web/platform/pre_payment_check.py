"""Whether a gateway by which one pays later would take this payer, before its button is shown.

Who is taken is decided by amount and currency alone (`pay_later` of `specs/gateways.yaml`).

Source: schemas `PrePaymentCheck` and its forms in `specs/ottu.yaml`.
"""

from http import HTTPStatus
from typing import Any

from sandbox.domain.gateways import Gateway
from sandbox.domain.pay_later import PayLater
from sandbox.domain.states import PAYABLE
from sandbox.domain.transactions import PaymentTransaction
from sandbox.web.answers import Answer, as_json, detail
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall

_PLAN = "PAY_BY_INSTALMENTS"


async def check(call: PlatformCall) -> Answer:
    """Answer in the form of the gateway: yes or no, or its plans too.

    Raises:
        UnknownSession: the path names no payment.
        WrongFields: the payment does not offer the gateway, or one does not pay later there.
    """
    payment = call.workspace.visible(call.path["session_id"])
    gateway, terms = _gateway(call, payment)
    if payment.state not in PAYABLE:
        told = f"A payment that is {payment.state} takes no further try of the payer."
        return detail(HTTPStatus.BAD_REQUEST, told)
    rates = call.services.engine.context.gateways.rates
    own = payment.terms.currency_code
    lends = gateway.takes(own) and terms.lends(payment.terms.amount, own, rates)
    answer: dict[str, Any] = {"is_available": lends}
    if terms.instalments:
        answer["single_checkout_enabled"] = True
        answer["payment_labels"] = [_label(each) for each in terms.instalments] if lends else []
    return as_json(answer)


def _gateway(call: PlatformCall, payment: PaymentTransaction) -> tuple[Gateway, PayLater]:
    code = str(call.fields.get("pg_code"))
    offered = payment.terms.gateway_codes
    if code not in offered:
        told = f"The payment offers {', '.join(offered)}; not `{code}`."
        raise WrongFields({"pg_code": [told]})
    gateway = call.services.engine.context.gateways.named(code)
    if gateway.pay_later is None:
        raise WrongFields({"pg_code": [f"One does not pay later with `{code}`; nothing to check."]})
    return gateway, gateway.pay_later


def _label(instalments: int) -> dict[str, Any]:
    return {
        "payment_type": _PLAN,
        "instalment": instalments,
        "description_en": f"Split in {instalments}, without interest",
        "description_ar": f"قسّمها على {instalments} دفعات بدون فوائد",
    }
