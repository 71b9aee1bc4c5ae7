"""The list of the account's gateways, filtered, with what each can do.

The account is the gateways of `specs/gateways.yaml`; all of them are in test mode.

Source: FACTS 1; schemas `PaymentMethodsRequest`, `PGPaymentMethods` of `specs/ottu.yaml`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sandbox.domain.cards import Card, Environment
from sandbox.domain.findings import Note, Severity
from sandbox.domain.gateways import DeviceWallet, Gateway, GatewayMode
from sandbox.domain.money import currencies
from sandbox.domain.operations import Operation
from sandbox.domain.transactions import TransactionType
from sandbox.domain.wallets import PROVIDER
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer, as_json
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.method_codec import logo_of

_AFTERWARDS: Final = (Operation.REFUND, Operation.VOID, Operation.CAPTURE)
# What `payment_services` calls the wallets that customers have with the merchant.
_WALLET: Final = "wallet"
# In `wallets`, and for people.
_DEVICES: Final[Mapping[DeviceWallet, tuple[str, str]]] = {
    DeviceWallet.APPLE_PAY: ("ApplePay", "Apple Pay"),
    DeviceWallet.GOOGLE_PAY: ("GooglePay", "Google Pay"),
    DeviceWallet.SAMSUNG_PAY: ("SamsungPay", "Samsung Pay"),
}
_Filter = Callable[[Gateway, Any], bool]
# Filters that look at the gateway alone; those that a call leaves out do not restrict.
_FILTERS: Final[Mapping[str, _Filter]] = {
    "currencies": lambda gateway, wanted: any(gateway.takes(str(each)) for each in _all(wanted)),
    "operation": lambda gateway, wanted: gateway.mode == wanted,
    "tokenizable": lambda gateway, wanted: gateway.tokenization is wanted,
    "auto_debit": lambda gateway, wanted: gateway.auto_debit is wanted,
    "pg_names": lambda gateway, wanted: gateway.name in _all(wanted),
    "type": lambda _, wanted: wanted == Environment.SANDBOX,
    "tags": lambda gateway, wanted: any(each in gateway.tags for each in _all(wanted)),
}


async def list_gateways(call: PlatformCall) -> Answer:
    """List the gateways that pass all filters, and those by which the customer has paid."""
    catalog = call.services.engine.context.gateways
    workspace = call.workspace
    found = list(_passing(call, (catalog.named(code) for code in catalog.codes())))
    used = _used_by(workspace, str(call.fields.get("customer_id") or ""))
    by_customer = _passing(call, (catalog.named(code) for code in used))
    if call.fields.get("plugin") not in set(TransactionType):
        _tell_of_plugin(call)
    return as_json(
        {
            "customer_payment_methods": [_write(call, each) for each in by_customer],
            "payment_methods": [_write(call, each) for each in found],
        }
    )


def _passing(call: PlatformCall, gateways: Iterable[Gateway]) -> Iterable[Gateway]:
    wanted = {
        name: value for name, value in call.fields.items() if value is not None and value != []
    }
    if wanted.get("plugin") not in set(TransactionType):
        return
    services = {str(each) for each in _all(wanted.get("payment_services", []))}
    for gateway in gateways:
        if services and services.isdisjoint(_service_kinds(call, gateway)):
            continue
        if all(
            passes(gateway, wanted[name]) for name, passes in _FILTERS.items() if name in wanted
        ):
            yield gateway


def _all(wanted: object) -> list[Any]:
    # Without validation a single one may stand where the document has a list.
    return wanted if isinstance(wanted, list) else [wanted]


def _used_by(workspace: Workspace, customer_id: str) -> list[str]:
    """Return the codes of gateways through which a customer has paid or saved a card, each once."""
    if not customer_id:
        return []
    paid = (
        each.settled_by
        for each in workspace.transactions.values()
        if each.terms.customer_id == customer_id and each.settled_by
    )
    saved = (
        each.gateway
        for each in workspace.tables.of(Card).values()
        if each.customer_id == customer_id
    )
    return list(dict.fromkeys((*paid, *saved)))


def _service_kinds(call: PlatformCall, gateway: Gateway) -> set[str]:
    kinds = {each.value for each in gateway.wallets}
    return kinds | {_WALLET} if _takes_wallet(call, gateway) else kinds


def _takes_wallet(call: PlatformCall, gateway: Gateway) -> bool:
    # As on the payment page: a customer's wallet pays at once, or not at all (FACTS 10).
    return call.workspace.settings.wallet and gateway.mode is GatewayMode.PURCHASE


def _write(call: PlatformCall, gateway: Gateway) -> dict[str, Any]:
    services = [
        {"code": each.value, "name": _DEVICES[each][1]}
        for each in DeviceWallet
        if each in gateway.wallets
    ]
    if _takes_wallet(call, gateway):
        services.append({"code": PROVIDER, "name": "Wallet", "name_ar": "المحفظة"})
    return {
        "code": gateway.code,
        "name": gateway.name,
        "is_sandbox": True,
        "logo": logo_of(call.origin),
        "wallets": [_DEVICES[each][0] for each in DeviceWallet if each in gateway.wallets],
        "payment_services": services,
        "default_currency": gateway.default_currency,
        "accepted_currencies": _accepted(gateway),
        "operation": gateway.mode.value,
        "operations": [each.value for each in _AFTERWARDS if each in gateway.operations],
        "is_tokenizable": gateway.tokenization,
        "auto_debit_enabled": gateway.auto_debit,
        "tags": list(gateway.tags),
    }


def _accepted(gateway: Gateway) -> list[str]:
    """Return the currencies of a gateway, its own one first."""
    taken = gateway.currencies or currencies()
    rest = sorted(set(taken) - {gateway.default_currency})
    return [gateway.default_currency, *rest]


def _tell_of_plugin(call: PlatformCall) -> None:
    plugin = str(call.fields.get("plugin"))[:50]
    note = Note(
        code="unknown_plugin",
        severity=Severity.WARNING,
        where=f"{call.operation.operation_id}: plugin",
        message=f"The sandbox has no plugin `{plugin}`, so no gateway is listed for it.",
        hint="Ask for `e_commerce` or `payment_request`.",
    )
    call.services.engine.note(call.workspace, [note], call.now)
