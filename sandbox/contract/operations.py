"""The operations of a document, with what is needed to judge their calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.contract.document import Document
from sandbox.contract.places import METHODS

ParameterPlace = Literal["path", "query", "header"]
_PLACES: Final[tuple[ParameterPlace, ...]] = ("path", "query", "header")
JSON: Final = "application/json"


def is_json(media_type: str) -> bool:
    """Tell whether bodies of a media type are JSON."""
    return media_type == JSON or media_type.endswith("+json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of a call; `schema` as the document has it."""

    name: str
    place: ParameterPlace
    required: bool
    is_exploded: bool
    schema: Any


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class OperationContract:
    """What the document says of one operation; compare by identity.

    `key` is `POST /b/pbl/v2/operation/`, always with the trailing slash; `path` is as the document
    writes it. `body_schema` and the values of `responses` are as they stand in the document; a
    response is `{media type: schema}`, empty where it has no body.
    """

    key: str
    method: str
    path: str
    operation_id: str
    parameters: tuple[Parameter, ...]
    body_schema: Any
    media_types: tuple[str, ...]
    is_body_required: bool
    responses: Mapping[str, Mapping[str, Any]]
    source: Mapping[str, Any]

    @property
    def has_body(self) -> bool:
        """Whether the document describes a body."""
        return self.body_schema is not None

    @property
    def success_status(self) -> int:
        """The first status of success that the document names; 200 where it names none."""
        named = [int(status) for status in self.responses if status.isdecimal()]
        return min((status for status in named if 200 <= status < 300), default=200)  # noqa: PLR2004


def operations_of(document: Document) -> Iterator[OperationContract]:
    """Yield the operations of a document in its order."""
    for path, item in document.tree.get("paths", {}).items():
        if path.startswith("x-"):
            continue
        path_item = document.resolve(item)
        for method in METHODS:
            if method in path_item:
                yield _operation(document, method.upper(), path, path_item, path_item[method])


def webhook_schemas(document: Document) -> dict[str, Any]:
    """Return the body schema of each name in the `webhooks` section."""
    schemas = {}
    for name, item in document.tree.get("webhooks", {}).items():
        for method in METHODS:
            body = document.resolve(document.resolve(item).get(method)).get("requestBody")
            if body is not None:
                schemas[name] = _json_schema(document.resolve(body).get("content", {}))
    return schemas


def _operation(
    document: Document, method: str, path: str, item: dict[str, Any], said: dict[str, Any]
) -> OperationContract:
    body = document.resolve(said.get("requestBody"))
    content = body.get("content", {})
    responses = {
        status: {
            media_type: media.get("schema")
            for media_type, media in document.resolve(response).get("content", {}).items()
        }
        for status, response in said.get("responses", {}).items()
    }
    return OperationContract(
        key=f"{method} {path.rstrip('/')}/",
        method=method,
        path=path,
        operation_id=str(said.get("operationId", f"{method} {path}")),
        parameters=tuple(_parameters(document, item, said)),
        body_schema=_json_schema(content) if content else None,
        media_types=tuple(content),
        is_body_required=bool(body.get("required", False)),
        responses=responses,
        source=said,
    )


def _json_schema(content: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a mapping or a boolean
    """Return the schema of the JSON form, or of the first form where there is none."""
    media: Mapping[str, Any] = content.get(JSON) or next(iter(content.values()), {})
    return media.get("schema", {})


def _parameters(
    document: Document, item: dict[str, Any], said: dict[str, Any]
) -> Iterator[Parameter]:
    """Yield the parameters; those of the operation hide those of the path."""
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for holder in (item, said):
        for parameter in map(document.resolve, holder.get("parameters", ())):
            name, where = parameter.get("name"), parameter.get("in")
            if isinstance(name, str) and isinstance(where, str):
                known[where, name] = parameter
    for place in _PLACES:
        for (where, name), parameter in known.items():
            if where == place:
                yield Parameter(
                    name=name,
                    place=place,
                    required=place == "path" or parameter.get("required") is True,
                    is_exploded=parameter.get("explode", True) is not False,
                    schema=parameter.get("schema", {}),
                )
