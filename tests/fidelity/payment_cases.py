"""Cases of single calls about a payment: how each succeeds, and what only it can refuse."""

from tests.fidelity.scene import Scene
from tests.http.merchant import Reply
from tests.http.platform.charging import CUSTOMER
from tests.http.platform.test_attachments import LARGEST, form_headers, multipart
from tests.http.platform.test_template_notifications import SMS


async def checkout(scene: Scene, _: int) -> Reply:
    """A payment is made."""
    return await scene.call(scene.merchant.checkout_body())


async def checkout_without_wallet(scene: Scene, _: int) -> Reply:
    """It is to be paid at once from a wallet, and the merchant has no wallet service."""
    await scene.settings(wallet=False)
    instrument = {"instrument_type": "wallet", "payload": {"wallet_code": "wallet_ottu"}}
    body = scene.merchant.checkout_body(customer_id=CUSTOMER, payment_instrument=instrument)
    return await scene.call(body)


async def of_a_payment(scene: Scene, _: int) -> Reply:
    """The payment is there."""
    payment = await scene.merchant.checkout()
    return await scene.call(session_id=payment["session_id"])


async def unknown_payment(scene: Scene, _: int) -> Reply:
    """No payment has this `session_id`."""
    return await scene.call()


async def unknown_payment_in_body(scene: Scene, _: int) -> Reply:
    """No payment has the `session_id` of the body."""
    return await scene.call({"session_id": "0" * 40})


async def replace(scene: Scene, _: int) -> Reply:
    """An open payment gets another amount."""
    payment = await scene.merchant.checkout()
    body = scene.merchant.checkout_body("12.000")
    return await scene.call(body, session_id=payment["session_id"])


async def replace_paid(scene: Scene, _: int) -> Reply:
    """The payment is paid already."""
    payment = await scene.merchant.paid()
    return await scene.call(scene.merchant.checkout_body(), session_id=payment["session_id"])


async def replace_unknown(scene: Scene, _: int) -> Reply:
    """No payment has this `session_id`."""
    return await scene.call(scene.merchant.checkout_body())


async def modify(scene: Scene, _: int) -> Reply:
    """An open payment gets another phone number."""
    payment = await scene.merchant.checkout()
    return await scene.call({"customer_phone": "+96550009876"}, session_id=payment["session_id"])


async def modify_paid(scene: Scene, _: int) -> Reply:
    """The payment is paid already."""
    payment = await scene.merchant.paid()
    return await scene.call({"amount": "12.000"}, session_id=payment["session_id"])


async def upload(scene: Scene, _: int) -> Reply:
    """A small PDF file is kept."""
    return await _upload(scene, "terms.pdf", b"%PDF-1.7")


async def upload_program(scene: Scene, _: int) -> Reply:
    """The file is of a kind that is not taken."""
    return await _upload(scene, "terms.exe", b"MZ")


async def upload_large(scene: Scene, _: int) -> Reply:
    """The file has more than 2.5 MB."""
    return await _upload(scene, "terms.pdf", bytes(LARGEST + 1))


async def _upload(scene: Scene, filename: str, content: bytes) -> Reply:
    data = multipart({}, filename, content)
    return await scene.merchant.call("POST", scene.address(), data=data, headers=form_headers())


async def pay_later(scene: Scene, _: int) -> Reply:
    """A gateway that lends is asked about a payment that offers it."""
    payment = await scene.merchant.checkout("300.00", "SAR", pg_codes=["tamara"])
    return await scene.call({"pg_code": "tamara"}, session_id=payment["session_id"])


async def pay_later_elsewhere(scene: Scene, _: int) -> Reply:
    """The payment does not offer the gateway."""
    payment = await scene.merchant.checkout()
    return await scene.call({"pg_code": "tamara"}, session_id=payment["session_id"])


async def pay_later_unknown(scene: Scene, _: int) -> Reply:
    """No payment has this `session_id`."""
    return await scene.call({"pg_code": "tamara"})


async def resend(scene: Scene, _: int) -> Reply:
    """The message of the newest event is sent again."""
    payment = await scene.merchant.checkout(
        customer_phone="+96550000000", notifications={"sms": ["created"]}
    )
    return await scene.call({"session_id": payment["session_id"], "channels": ["sms"]})


async def notify(scene: Scene, _: int) -> Reply:
    """A message is sent from a template."""
    return await scene.call(SMS)


async def notify_unknown_template(scene: Scene, _: int) -> Reply:
    """No template has this name."""
    return await scene.call({**SMS, "template_id": "nowhere"})


async def refund(scene: Scene, _: int) -> Reply:
    """A paid payment is refunded."""
    payment = await scene.merchant.paid()
    return await scene.call({"session_id": payment["session_id"], "operation": "refund"})


async def refund_unpaid(scene: Scene, _: int) -> Reply:
    """An unpaid payment is to be refunded."""
    payment = await scene.merchant.checkout()
    return await scene.call({"session_id": payment["session_id"], "operation": "refund"})


async def inquire(scene: Scene, _: int) -> Reply:
    """A paid payment is asked about."""
    payment = await scene.merchant.paid()
    return await scene.call({"session_id": payment["session_id"]})


async def inquire_untried(scene: Scene, _: int) -> Reply:
    """Nobody has tried to pay yet."""
    payment = await scene.merchant.checkout()
    return await scene.call({"session_id": payment["session_id"]})


async def inquire_early(scene: Scene, _: int) -> Reply:
    """The payment is younger than 10 minutes, and limits are enforced."""
    await scene.settings(limits="enforce")
    return await inquire(scene, _)
