"""Judge what the sandbox itself sends: answers and webhooks. Source: FACTS 3 and 8."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from sandbox.contract.explaining import explain
from sandbox.contract.operations import JSON, OperationContract, is_json
from sandbox.contract.outline import Outline, Outlines
from sandbox.contract.validation import BodyValidator
from sandbox.contract.views import Direction, View, Views
from sandbox.contract.violations import Violation

_FIRST_ERROR: Final = 400


class Answers:
    """Judges answers and webhooks by the response view; a schema is prepared when first needed."""

    def __init__(
        self,
        views: Views,
        outlines: Outlines,
        validator: BodyValidator,
        webhooks: Mapping[str, Any],
    ) -> None:
        self._views = views
        self._outlines = outlines
        self._validator = validator
        self._prepared: dict[int, tuple[View, Outline]] = {}
        self.webhooks = webhooks

    def check(
        self, operation: OperationContract, status: int, content_type: str, body: object
    ) -> list[Violation]:
        """Return what is wrong with an answer; nothing where it is an error in a known shape."""
        named = response_name(operation, status)
        if named is None:
            known = status >= _FIRST_ERROR and _is_error_shape(_decoded(body))
            return [] if known else [_whole("status", f"The status {status} is not documented.")]
        content = operation.responses[named]
        if not content or _is_file(content):
            return []
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type not in content:
            told = f"`{media_type}` is not documented for {status}."
            return [] if content.get(JSON) == {} else [_whole("content_type", told)]
        if is_json(media_type):
            body = _decoded(body)
        elif isinstance(body, bytes):
            body = body.decode("utf-8", "replace")
        if body is _NOT_JSON:
            return [_whole("content_type", "The body is not JSON.")]
        return self.judge(content[media_type], body)

    def judge(self, schema: Any, body: object) -> list[Violation]:  # noqa: ANN401 - as documented
        """Return what is wrong with a value that we send."""
        if not isinstance(schema, dict):
            return []
        if id(schema) not in self._prepared:
            view = self._views.of(schema, Direction.RESPONSE)
            self._prepared[id(schema)] = view, self._outlines.of([schema])
        view, outline = self._prepared[id(schema)]
        if self._validator.accepts(view, body):
            return []
        return explain(self._validator.breaches(view, body), outline)


_NOT_JSON: Final = object()


def response_name(operation: OperationContract, status: int) -> str | None:
    """Return under which name the document describes answers of a status: `200`, `2XX`, `default`."""
    names = (str(status), f"{status // 100}XX", "default")
    return next((name for name in names if name in operation.responses), None)


def _is_file(content: Mapping[str, Any]) -> bool:
    return any(
        isinstance(schema, dict) and schema.get("format") == "binary" for schema in content.values()
    )


def _decoded(body: object) -> object:
    if not isinstance(body, bytes):
        return body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _NOT_JSON


def _is_error_shape(body: object) -> bool:
    """Tell whether a body is `{"detail": …}` or has messages by field, nested as far as needed."""
    if not isinstance(body, dict) or not body:
        return False
    if isinstance(body.get("detail"), str):
        return True
    return all(_is_error_shape(said) or _are_messages(said) for said in body.values())


def _are_messages(said: object) -> bool:
    return isinstance(said, list) and all(
        isinstance(one, str) or one == {} or _is_error_shape(one) for one in said
    )


def _whole(rule: str, message: str) -> Violation:
    return Violation(location=(), rule=rule, message=message)
