"""The shipped gateways, and how a mistake in such a file is told."""

from datetime import timedelta
from textwrap import dedent

import pytest

from sandbox import resources
from sandbox.domain.gateways import GatewayCatalog, GatewayMode, RefundMode
from sandbox.domain.operations import Operation
from sandbox.gateway_file import InvalidGatewayFile, read_gateways

CAPTURE_VOID_REFUND = {Operation.CAPTURE, Operation.VOID, Operation.REFUND}


@pytest.fixture(scope="module")
def text() -> str:
    return (resources.specs() / "gateways.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shipped(text: str) -> GatewayCatalog:
    return read_gateways(text)


def complaint(text: str) -> str:
    with pytest.raises(InvalidGatewayFile) as invalid:
        read_gateways(dedent(text), source="mine.yaml")
    return str(invalid.value)


@pytest.mark.parametrize(
    "code",
    """
    credit-card credit_card knet kpay mpgs mpgs-auth tabby wallet apple-pay google-pay cash
    """.split(),
)
def test_a_newcomers_codes_are_there(shipped: GatewayCatalog, code: str) -> None:
    assert shipped.knows(code)


def test_every_published_gateway_is_there_under_its_own_name(shipped: GatewayCatalog) -> None:
    published = """
    abapayway amazon_pay bambora bede benefit benefit_pay beyon_money cbk ccavenues checkoutcom
    cybersource dapi deema doku enet fawry fiserv fss geidea hesabe hyperpay ifg kpay moyasar mpgs
    myfatoorah nbo ni omannet paymob payon paypal payu_india qpay rajhi skipcash smart_pay sohar
    standard stc_pay tabby taly tamara tap tess upayments upg urpay
    """.split()

    assert len(published) == 48
    assert set(published) <= set(shipped.codes())
    assert {shipped.named(code).name for code in published} == set(published)


@pytest.mark.parametrize("code", ["credit-card", "credit_card", "mpgs", "mpgs-auth"])
def test_card_accounts_are_mpgs_and_can_do_everything_at_once(
    shipped: GatewayCatalog, code: str
) -> None:
    gateway = shipped.named(code)

    assert gateway.name == "mpgs"
    assert gateway.operations == CAPTURE_VOID_REFUND
    assert gateway.currencies == {"AED", "BHD", "KWD", "OMR", "QAR", "SAR", "USD"}
    assert gateway.refunds is RefundMode.REALTIME
    assert gateway.inquiry_minutes == 11
    assert {card.number for card in gateway.test_cards} >= {
        "5123450000000008",
        "4508750015741019",
    }


def test_only_mpgs_auth_authorizes(shipped: GatewayCatalog) -> None:
    modes = {code: shipped.named(code).mode for code in shipped.codes()}

    assert [code for code, mode in modes.items() if mode is GatewayMode.AUTHORIZE] == ["mpgs-auth"]


def test_only_tabby_queues_its_refunds(shipped: GatewayCatalog) -> None:
    refunds = {code: shipped.named(code).refunds for code in shipped.codes()}

    assert [code for code, mode in refunds.items() if mode is RefundMode.QUEUED] == ["tabby"]


def test_knet_is_the_published_kpay(shipped: GatewayCatalog) -> None:
    knet = shipped.named("knet")

    assert (knet.name, knet.title) == ("kpay", "KNET")
    assert knet.currencies == {"KWD"}
    assert knet.operations == {Operation.REFUND}
    assert [card.number for card in knet.test_cards] == ["8888880000000001"]


def test_declined_cards_say_why(shipped: GatewayCatalog) -> None:
    cards = {card.number: card for card in shipped.named("benefit").test_cards}

    assert cards["4600410123456789"].outcome == "success"
    assert cards["4415550123456789"].outcome == "failed"
    assert cards["4415550123456789"].gateway_code == "51"
    assert cards["4895550123456789"].gateway_code == "05"


@pytest.mark.parametrize(
    ("code", "minutes"), [("kpay", 8), ("bambora", 0), ("doku", 60), ("bede", None)]
)
def test_never_and_unknown_are_different_inquiry_times(
    shipped: GatewayCatalog, code: str, minutes: int | None
) -> None:
    assert shipped.named(code).inquiry_minutes == minutes


@pytest.mark.parametrize(
    ("code", "minutes"), [("kpay", 8), ("bambora", None), ("bede", 10), ("never-heard-of", 10)]
)
def test_a_gateway_is_asked_after_its_own_time_or_ten_minutes_or_never(
    shipped: GatewayCatalog, code: str, minutes: int | None
) -> None:
    interval = None if minutes is None else timedelta(minutes=minutes)

    assert shipped.named(code).inquiry_interval == interval


@pytest.mark.parametrize(
    ("code", "tokenization", "auto_debit"),
    [
        ("mpgs", True, True),
        ("credit-card", True, True),
        ("checkoutcom", True, False),
        ("benefit", False, True),
        ("knet", False, False),
        ("never-heard-of", True, True),
    ],
)
def test_some_gateways_keep_cards_and_some_charge_kept_ones(
    shipped: GatewayCatalog, code: str, *, tokenization: bool, auto_debit: bool
) -> None:
    gateway = shipped.named(code)

    assert (gateway.tokenization, gateway.auto_debit) == (tokenization, auto_debit)


def test_cash_and_national_debit_networks_report_no_operations(shipped: GatewayCatalog) -> None:
    silent = {code for code in shipped.codes() if not shipped.named(code).reports_operations}

    assert silent == {"benefit", "cash", "knet", "knet-fee", "kpay", "omannet"}


def test_a_gateway_without_currencies_takes_all(shipped: GatewayCatalog) -> None:
    assert shipped.named("cash").takes("JPY")
    assert not shipped.named("knet").takes("SAR")


def test_an_entry_like_another_keeps_that_ones_name_and_changes_what_it_says() -> None:
    catalog = read_gateways(
        dedent("""
        gateways:
          - {code: mine, like: bank, mode: authorize}
          - {code: bank, title: The Bank, currencies: [KWD], operations: [purchase, refund]}
        """)
    )

    assert catalog.codes() == ("mine", "bank")
    mine = catalog.named("mine")
    assert (mine.code, mine.name, mine.title) == ("mine", "bank", "The Bank")
    assert mine.mode is GatewayMode.AUTHORIZE
    assert mine.operations == {Operation.REFUND}
    assert catalog.named("bank").mode is GatewayMode.PURCHASE


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{title: Bank}", "3: `code` is missing or no text"),
        ("{code: 12}", "3: a text is wanted here; write 12 in quotes"),
        ("{code: b, colour: red}", "3: unknown key `colour`; known are `code`, `currencies`,"),
        ("{code: b, like: nobody}", "3: no gateway `nobody`"),
        ("{code: b, currencies: [KWD, KWT]}", "3: no currency `KWT`"),
        ("{code: b, currencies: KWD}", "3: a list is wanted here"),
        ("{code: b, operations: [refnud]}", "3: no operation `refnud`; known are `auth`,"),
        ("{code: b, mode: later}", "3: `mode` is one of `authorize`, `purchase`"),
        ("{code: b, refunds: [queued]}", "3: `refunds` is one of `queued`, `realtime`"),
        ("{code: b, inquiry_minutes: -1}", "3: inquiry_minutes is a whole number"),
        ("{code: b, inquiry_minutes: true}", "3: inquiry_minutes is a whole number"),
        ("{code: b, reports_operations: maybe}", "3: `reports_operations` is true or false"),
        ("{code: b, fee: {en: Fee}}", "3: a fee has an `amount` with its `currency`,"),
        ('{code: b, fee: {en: Fee, amount: "1"}}', "3: `currency` is missing or no text"),
        ('{code: b, fee: {percent: "1"}}', "3: `en` is missing or no text"),
        (
            "{code: b, fee: {en: Fee, percent: 2.5}}",
            "3: a text is wanted here; write 2.5 in quotes",
        ),
        ('{code: b, fee: {en: Fee, percent: "-1"}}', "3: `percent` is an amount in quotes"),
        ('{code: b, pay_later: {from: "1"}}', "3: `to` is missing or no text"),
        (
            '{code: b, pay_later: {from: "1", to: "2", currency: KWD, instalments: [0]}}',
            "3: a number of instalments is a whole number from 1",
        ),
        ("{code: b, wallets: [applepay]}", "3: `0` is one of `apple_pay`,"),
        ("just a text", "3: an object is wanted here, with `code`,"),
        ("{code: b, code: [}", "3: not YAML:"),
        ("{[a]: b}", "3: not YAML:"),
        ("\x07", "1: not YAML:"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line(entry: str, message: str) -> None:
    said = complaint(f"# my gateways\ngateways:\n  - {entry}\n")

    assert said.startswith(f"mine.yaml:{message}")


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ('number: "4111 1111 1111 1111"', "a card number is 12 to 19 digits without spaces"),
        ('number: "4111"', "a card number is 12 to 19 digits without spaces"),
        ("number: 4111111111111111", "write 4111111111111111 in quotes"),
        ('number: "4111111111111111", outcome: declined', "`outcome` is one of `authorized`,"),
        ('number: "4111111111111111"', "`outcome` is one of `authorized`,"),
        ('number: "5500000000000004", outcome: failed', "a second card 5500000000000004"),
        (
            'number: "4111111111111111", outcome: failed, gateway_code: 51',
            "write 51 in quotes",
        ),
    ],
)
def test_a_wrong_card_is_told_with_its_line(card: str, message: str) -> None:
    said = complaint(
        f"""
        gateways:
          - code: bank
            test_cards:
              - {{number: "5500000000000004", outcome: success}}
              - {{{card}}}
        """
    )

    assert said.startswith("mine.yaml:6: ")
    assert message in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.yaml:1: an object is wanted here, with `exchange_rates`, `gateways`"),
        ("gateways:", "mine.yaml:1: a list is wanted here"),
        (
            "exchange_rates: []\ngateways: []",
            "mine.yaml:1: an object is wanted here, from currency to what one unit is worth",
        ),
        ("gateways: []\nexchange_rates:\n  KWT: '1'", "mine.yaml:3: no currency `KWT`"),
        ("gateways: []\nexchange_rates:\n  KWD: '0'", "mine.yaml:3: KWD is worth nothing"),
        (
            "gateways: []\nexchange_rates:\n  KWD: 'much'",
            'mine.yaml:3: `KWD` is an amount in quotes, such as "2.5"',
        ),
        (
            "bank: {}",
            "mine.yaml:1: unknown key `bank`; known are `exchange_rates`, `gateways`",
        ),
        (
            "gateways:\n  - {code: b}\n  - {code: b}\n",
            "mine.yaml:3: a second gateway `b`",
        ),
        (
            "gateways:\n  - {code: a}\n  - {code: b, like: a}\n  - {code: c, like: b}\n",
            "mine.yaml:4: `b` is itself like another one",
        ),
        (
            "gateways:\n  - {code: a, like: b}\n  - {code: b, currencies: [ZZZ]}\n",
            "mine.yaml:3: no currency `ZZZ`",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, message: str) -> None:
    assert complaint(text) == message
