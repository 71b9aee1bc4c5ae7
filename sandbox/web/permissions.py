"""Which permission a call needs of a basic or bearer caller.

A call that is not in the tables needs none: FACTS name no permission for it, so whoever is known
may make it.

Source: FACTS 2.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.domain.credentials import Permission
from sandbox.domain.operations import Operation

# By method and path, as in the table of handlers.
CALLS: Final[Mapping[str, Permission]] = {
    "POST /b/pbl/v2/inquiry/": Permission.INQUIRY,
    "GET /b/api/v1/reports/files/": Permission.VIEW_REPORTS,
    "GET /b/api/v1/reports/files/{token}/download/": Permission.VIEW_REPORTS,
}
_OPERATION_CALL: Final = "POST /b/pbl/v2/operation/"
# What is asked for stands in the body there, as `operation`.
OPERATIONS: Final[Mapping[Operation, Permission]] = {
    Operation.CANCEL: Permission.CANCEL,
    Operation.EXPIRE: Permission.EXPIRE,
    Operation.DELETE: Permission.DELETE,
    Operation.CAPTURE: Permission.CAPTURE,
    Operation.VOID: Permission.VOID,
    Operation.REFUND: Permission.REFUND,
}
_BY_NAME: Final = {operation.value: needed for operation, needed in OPERATIONS.items()}


def of_body(key: str, body: object) -> Permission | None:
    """Return the permission that follows from what a body asks for, if any does."""
    if key != _OPERATION_CALL or not isinstance(body, dict):
        return None
    asked = body.get("operation")
    return _BY_NAME.get(asked) if isinstance(asked, str) else None
