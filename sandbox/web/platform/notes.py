"""What to tell a merchant of a call, beside its answer."""

from collections.abc import Iterable, Iterator
from typing import Final

from sandbox.contract.operations import OperationContract
from sandbox.contract.violations import Remark
from sandbox.domain.findings import Note, Severity
from sandbox.web.authority import Caller
from sandbox.web.decoding import Decoded, name_that_works

_SEVERITIES: Final = {
    "undeclared_field": Severity.WARNING,
    "amount_as_number": Severity.WARNING,
    "amount_notation": Severity.WARNING,
    "read_only_field": Severity.INFO,
    "coerced_value": Severity.INFO,
}


def of_caller(caller: Caller, operation: OperationContract) -> Iterator[Note]:
    """Yield what to tell of how the caller showed itself."""
    remark = caller.remark
    if remark is not None:
        yield Note(
            code=remark.code,
            severity=remark.severity,
            where=f"{operation.operation_id}: Authorization",
            message=remark.message,
            hint=remark.hint,
        )


def of_form(decoded: Decoded, operation: OperationContract) -> Iterator[Note]:
    """Yield what to tell of form fields that the platform loses (FACTS 1)."""
    for name in decoded.dropped:
        named = name_that_works(name)
        yield Note(
            code="dropped_form_field",
            severity=Severity.ERROR,
            where=f"{operation.operation_id}: {name}",
            message=f"The platform silently drops the form field `{name}`, so its value is lost.",
            hint=f"Send JSON, or name the field `{named}`." if named else "Send JSON.",
        )


def of_body(remarks: Iterable[Remark], operation: OperationContract) -> Iterator[Note]:
    """Yield what to tell of fields that pass and yet deserve a word."""
    for remark in remarks:
        yield Note(
            code=remark.code,
            severity=_SEVERITIES.get(remark.code, Severity.WARNING),
            where=f"{operation.operation_id}: {'.'.join(map(str, remark.location))}",
            message=remark.message,
            hint=remark.hint,
        )
