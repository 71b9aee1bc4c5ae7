"""The one table that gives each exception its HTTP status, and the platform's shape of it."""

from http import HTTPStatus
from math import ceil
from typing import Final

from sandbox.contract.errors import MethodNotAllowed, UnknownPath
from sandbox.domain.errors import IllegalMove, SandboxError
from sandbox.domain.setting_changes import InvalidSetting
from sandbox.engine import errors as engine_errors
from sandbox.runner import errors as runner_errors
from sandbox.scenarios.problems import InvalidScenario
from sandbox.web import errors
from sandbox.web.answers import Answer, as_json, detail
from sandbox.web.printable import printable

STATUSES: Final[dict[type[SandboxError], HTTPStatus]] = {
    errors.NotJson: HTTPStatus.BAD_REQUEST,
    errors.NotAForm: HTTPStatus.BAD_REQUEST,
    errors.BrokenBody: HTTPStatus.BAD_REQUEST,
    errors.CallerGone: HTTPStatus.BAD_REQUEST,
    errors.WrongHost: HTTPStatus.BAD_REQUEST,
    errors.WrongQuery: HTTPStatus.BAD_REQUEST,
    errors.WrongFields: HTTPStatus.BAD_REQUEST,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.UnknownCall: HTTPStatus.NOT_FOUND,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.NoWalletService: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotYetHere: HTTPStatus.NOT_IMPLEMENTED,
    UnknownPath: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    IllegalMove: HTTPStatus.CONFLICT,
    InvalidSetting: HTTPStatus.BAD_REQUEST,
    InvalidScenario: HTTPStatus.BAD_REQUEST,
    engine_errors.UnknownSession: HTTPStatus.NOT_FOUND,
    engine_errors.UnknownOrder: HTTPStatus.NOT_FOUND,
    engine_errors.UnknownDelivery: HTTPStatus.NOT_FOUND,
    engine_errors.UnknownMessage: HTTPStatus.NOT_FOUND,
    engine_errors.UnknownScenario: HTTPStatus.BAD_REQUEST,
    engine_errors.CardNotSavable: HTTPStatus.BAD_REQUEST,
    engine_errors.UnknownCard: HTTPStatus.NOT_FOUND,
    engine_errors.NotUpdatable: HTTPStatus.BAD_REQUEST,
    engine_errors.CannotPrice: HTTPStatus.BAD_REQUEST,
    engine_errors.InvoiceIsImmutable: HTTPStatus.BAD_REQUEST,
    engine_errors.UnknownInvoice: HTTPStatus.NOT_FOUND,
    engine_errors.MalformedReportToken: HTTPStatus.BAD_REQUEST,
    engine_errors.UnknownReport: HTTPStatus.NOT_FOUND,
    engine_errors.NotOwnReport: HTTPStatus.FORBIDDEN,
    engine_errors.ReportLinkExpired: HTTPStatus.GONE,
    engine_errors.WalletCannotPay: HTTPStatus.BAD_REQUEST,
    engine_errors.TooManyCalls: HTTPStatus.TOO_MANY_REQUESTS,
    engine_errors.NotPayable: HTTPStatus.CONFLICT,
    engine_errors.GatewayNotOffered: HTTPStatus.BAD_REQUEST,
    engine_errors.NothingToTrigger: HTTPStatus.CONFLICT,
    engine_errors.NotHeld: HTTPStatus.CONFLICT,
    engine_errors.WorkspacesFull: HTTPStatus.SERVICE_UNAVAILABLE,
    runner_errors.AlreadyAdvancing: HTTPStatus.CONFLICT,
    runner_errors.TimeRunsForward: HTTPStatus.BAD_REQUEST,
    runner_errors.TooMuchDue: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def status_of(error: SandboxError) -> HTTPStatus:
    """Return the status of an exception; a class counts for its subclasses."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def message_of(error: SandboxError) -> str:
    """Return what the exception says: its own words, else the first line of its docstring."""
    own = printable(str(error))
    return own or (type(error).__doc__ or type(error).__name__).strip().partition("\n")[0]


def platform_answer(error: SandboxError) -> Answer:
    """Return the answer of a platform call that ended in an exception (FACTS 3)."""
    status = status_of(error)
    if isinstance(error, errors.WrongFields):
        return as_json(error.errors, status)
    headers = {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Api-Key, Basic realm="sandbox", Bearer'
    if isinstance(error, engine_errors.TooManyCalls):
        headers["Retry-After"] = str(ceil(error.retry_after.total_seconds()))
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    return detail(status, message_of(error), headers)
