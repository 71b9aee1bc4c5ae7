"""Which handler answers which call; a call of the document without one comes later.

Keys are method and path as `specs/ottu.yaml` has them, so that older documents, whose operation ids
differ, find the same handlers.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.web.platform import (
    attachment,
    cards,
    checkout,
    direct_payment,
    inquiry,
    invoice,
    notification,
    operation,
    payment_methods,
    pre_payment_check,
    report,
    template_notification,
    wallet,
)
from sandbox.web.platform.call import Handler

_CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
_ONE: Final = "/b/checkout/v1/pymt-txn/{session_id}/"
_FINALIZATION: Final = "/b/checkout/v1/wallet/payment-sessions/{session_id}/finalization-status/"

HANDLERS: Final[Mapping[str, Handler]] = {
    f"POST {_CHECKOUT}": checkout.create,
    f"GET {_ONE}": checkout.retrieve,
    f"PUT {_ONE}": checkout.replace,
    f"PATCH {_ONE}": checkout.modify,
    "POST /b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/": pre_payment_check.check,
    "POST /b/pbl/v2/payment-methods/": payment_methods.list_gateways,
    "POST /b/pbl/v2/operation/": operation.operate,
    "POST /b/pbl/v2/inquiry/": inquiry.inquire,
    "POST /b/invoice/v1/invoice/": invoice.create,
    "GET /b/api/v1/reports/files/": report.list_reports,
    "GET /b/api/v1/reports/files/{token}/download/": report.download,
    "POST /b/pbl/v2/payment/wallet/": direct_payment.pay_from_wallet,
    "POST /b/wallet/ottu/v1/accounts/": wallet.list_accounts,
    "POST /b/wallet/ottu/v1/entries/": wallet.list_entries,
    "POST /b/wallet/ottu/v1/operations/": wallet.show_operation,
    f"GET {_FINALIZATION}": wallet.finalization_status,
    "POST /b/pbl/v2/message-notification/": notification.resend,
    "POST /b/checkout/v1/upload-attachment/": attachment.upload,
    "POST /b/pbl/v2/send-notification/": template_notification.send,
    "POST /b/pbl/v2/notifications/send/{channel}/": template_notification.send_by_channel,
    "POST /b/pbl/v2/card/": cards.list_by_body,
    "GET /b/pbl/v2/card/": cards.list_by_query,
    "DELETE /b/pbl/v2/card/{token}/": cards.forget,
    "POST /b/pbl/v2/payment/auto-debit/": direct_payment.charge,
    "POST /b/pbl/v2/auto-debit/": direct_payment.charge,
    "POST /b/pbl/v2/payment/apple-pay/": direct_payment.pay_by_apple,
    "POST /b/pbl/v2/payment/google-pay/": direct_payment.pay_by_google,
    "POST /b/pbl/v2/payment/cash/": direct_payment.confirm_cash,
    "POST /b/pbl/v2/cash-payment/": direct_payment.confirm_cash,
}
