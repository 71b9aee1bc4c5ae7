"""Which handler answers which call; a call of the document without one comes later.

Keys are method and path as `specs/ottu.yaml` has them, so that older documents, whose operation ids
differ, find the same handlers.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.web.platform import checkout, notification, operation
from sandbox.web.platform.call import Handler

_CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
_ONE: Final = "/b/checkout/v1/pymt-txn/{session_id}/"

HANDLERS: Final[Mapping[str, Handler]] = {
    f"POST {_CHECKOUT}": checkout.create,
    f"GET {_ONE}": checkout.retrieve,
    f"PUT {_ONE}": checkout.replace,
    f"PATCH {_ONE}": checkout.modify,
    "POST /b/pbl/v2/operation/": operation.operate,
    "POST /b/pbl/v2/message-notification/": notification.resend,
}
