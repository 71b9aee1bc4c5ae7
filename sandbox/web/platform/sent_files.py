"""Files in multipart bodies: known to the contract by a word, and told of where no call takes them.

Source: FACTS 1 (bodies).
"""

from collections.abc import Iterator
from typing import Final

from sandbox.contract.operations import OperationContract
from sandbox.domain.findings import Note, Severity
from sandbox.web.decoding import MULTIPART, Decoded

# Ends as the published document demands of a file.
_WORD: Final = "file.txt"


def with_files(operation: OperationContract, decoded: Decoded) -> object:
    """Return the body with a word for each file, for a call that takes files.

    What a file may be is the handler's to judge: documents type it as text of one kind or another.
    """
    value = decoded.value
    if not _takes_files(operation) or not isinstance(value, dict):
        return value
    return {**value, **dict.fromkeys(decoded.files, _WORD)}


def ignored_files(operation: OperationContract, decoded: Decoded) -> Iterator[Note]:
    """Yield what to tell of files sent to a call that takes none."""
    if _takes_files(operation):
        return
    for name in decoded.files:
        yield Note(
            code="ignored_file",
            severity=Severity.ERROR,
            where=f"{operation.operation_id}: {name}",
            message=f"The file in `{name}` was ignored; this call takes none.",
            hint="Send it to /b/checkout/v1/upload-attachment/ first.",
        )


def _takes_files(operation: OperationContract) -> bool:
    return operation.media_types == (MULTIPART,)
