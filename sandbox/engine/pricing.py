"""In which currency a try of the payer is paid, and with what fee.

Source: FACTS 6 and 8; the rates and fees are our own data.
"""

from decimal import Decimal

from sandbox.domain.gateways import Gateway
from sandbox.domain.money import digits_beyond, is_currency
from sandbox.domain.pricing import Pricing
from sandbox.domain.transactions import PaymentTransaction
from sandbox.domain.wallets import WalletShare
from sandbox.engine.commands import PayerTry
from sandbox.engine.context import Context
from sandbox.engine.errors import CannotPrice


def price(
    context: Context,
    payment: PaymentTransaction,
    payer: PayerTry,
    gateway: Gateway,
    wallet: WalletShare | None,
) -> Pricing | None:
    """Return how the try is paid; None where it is the amount itself, in its own currency.

    The gateway takes its fee of what the payer's wallet leaves to it.

    Raises:
        CannotPrice: the payer asks for a currency that the gateway does not take, or a fee with more
            digits than that currency has.
    """
    own = payment.terms.currency_code
    amount = payment.terms.amount - (wallet.amount if wallet else 0)
    if payer.currency is None and payer.fee is None:
        if wallet is not None and not amount:
            return None
        return _unless_plain(context.gateways.price(gateway, amount, own), own)
    return _unless_plain(_asked(context, payer, gateway, amount, own), own)


def _asked(
    context: Context, payer: PayerTry, gateway: Gateway, amount: Decimal, own: str
) -> Pricing:
    usual = context.gateways.price(gateway, amount, own).currency_code
    paid_in = payer.currency or usual
    if not is_currency(paid_in):
        raise CannotPrice(f"No currency has the code `{paid_in}`.")
    if paid_in != usual and not gateway.takes(paid_in):
        taken = ", ".join(sorted(gateway.currencies))
        raise CannotPrice(f"The gateway `{gateway.code}` takes {taken}; not {paid_in}.")
    if payer.fee is not None and digits_beyond(payer.fee, paid_in):
        raise CannotPrice(f"The fee has more digits after the point than {paid_in}.")
    priced = context.gateways.rates.price(amount, own, paid_in, gateway.fee, payer.fee)
    if priced is None:
        raise CannotPrice(f"The sandbox has no exchange rate between {own} and {paid_in}.")
    return priced


def _unless_plain(pricing: Pricing, own: str) -> Pricing | None:
    return None if pricing == Pricing(currency_code=own) else pricing
