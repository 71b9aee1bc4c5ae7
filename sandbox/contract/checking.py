"""The contract at work: which operation a call means, and what is wrong with it.

Source: DESIGN (the way of a request, validation modes); FACTS 1, 3 and 11.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

from sandbox.contract.coercion import Converter
from sandbox.contract.document import Document, load_document
from sandbox.contract.document_cache import DocumentCache
from sandbox.contract.errors import UnknownWebhook
from sandbox.contract.examples import Example, Examples
from sandbox.contract.explaining import explain, in_document_order
from sandbox.contract.field_rules import RULES, Rule, check_fields, rules_of
from sandbox.contract.fields import as_violation, has_strays, null_characters, stray_fields
from sandbox.contract.needs import NEEDS
from sandbox.contract.operations import OperationContract, operations_of, webhook_schemas
from sandbox.contract.outline import Outline, Outlines
from sandbox.contract.parameters import ParameterCheck, Sent, check_parameters, parameter_checks
from sandbox.contract.repairs import Repair
from sandbox.contract.responses import Answers
from sandbox.contract.routing import Router
from sandbox.contract.shortening import beyond, shortened
from sandbox.contract.tolerances import CHECKOUT, UNDOCUMENTED, is_tolerated, with_lower_case_keys
from sandbox.contract.validation import BodyValidator, CompiledValidator
from sandbox.contract.views import Direction, View, Views
from sandbox.contract.violations import MOST_TOLD, Checked, Location, Remark, Violation
from sandbox.domain.settings import ValidationMode

ValidatorName = Literal["compiled", "reference"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """The operation that a call means, and the parameters in its path, percent-decoded."""

    operation: OperationContract
    path_parameters: Mapping[str, str]


class Contract:
    """One OpenAPI document at work.

    Loading is quick; each schema is prepared when the first body for it comes.
    """

    def __init__(self, document: Document, validator: BodyValidator) -> None:
        self.document = document
        self._validator = validator
        self._views = Views(document)
        self._outlines = Outlines(document, Direction.REQUEST)
        operations = {one.key: one for one in operations_of(document)}
        self.operations: Mapping[str, OperationContract] = MappingProxyType(operations)
        self._router = Router((one.method, one.path, one) for one in operations.values())
        self._bodies: dict[OperationContract, _Prepared] = {}
        self._parameters: dict[OperationContract, tuple[ParameterCheck, ...]] = {}
        self._examples = Examples(document)
        self._answers = Answers(
            self._views,
            Outlines(document, Direction.RESPONSE),
            validator,
            webhook_schemas(document),
        )

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        validator: ValidatorName = "compiled",
        cache: DocumentCache | None = None,
    ) -> Self:
        """Load a document and mend its known traps, unless the cache has it.

        Raises:
            DocumentError: it cannot be read, is no OpenAPI 3 document, or cannot be mended.
        """
        document = load_document(path, cache)
        if validator == "reference":
            from sandbox.contract.reference import ReferenceValidator  # noqa: PLC0415 - slow

            return cls(document, ReferenceValidator())
        return cls(document, CompiledValidator())

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What had to be mended in the document."""
        return self.document.repairs

    @property
    def title(self) -> str:
        """What the document calls itself."""
        return self.document.title

    @property
    def version(self) -> str:
        """The version of the described interface."""
        return self.document.version

    def match(self, method: str, path: str) -> Call:
        """Return what a call means; the path as it came, with or without its trailing slash.

        Raises:
            UnknownPath: no operation has this path.
            MethodNotAllowed: operations have it, but not with this method.
        """
        operation, parameters = self._router.find(method, path)
        return Call(operation=operation, path_parameters=parameters)

    def declared_fields(self, operation: OperationContract) -> frozenset[str]:
        """Return the names of the fields that the body of an operation may have."""
        if operation.body_schema is None:
            return frozenset()
        prepared = self._bodies.get(operation) or self._prepare(operation)
        return prepared.declared

    def check_parameters(
        self,
        operation: OperationContract,
        *,
        path: Mapping[str, str],
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        mode: ValidationMode,
    ) -> Checked:
        """Judge the parameters of a call.

        The value is `{"path": {...}, "query": {...}, "header": {...}}` with the declared ones,
        typed as the document says.
        """
        checks = self._parameters.get(operation)
        if checks is None:
            checks = parameter_checks(operation, self._views, self._outlines)
            self._parameters[operation] = checks
        sent: Sent = {"path": path, "query": query, "header": headers}
        return check_parameters(checks, sent, self._validator, mode)

    def check_body(
        self,
        operation: OperationContract,
        body: object,
        *,
        mode: ValidationMode,
        textual: bool = False,
        currency: str | None = None,
        may_hold_null: bool = True,
    ) -> Checked:
        """Judge the body of a call.

        `textual` says that it came from a form, where every scalar is a text. `currency` is that
        of the transaction, for updates that need not name one. `may_hold_null` is False where the
        caller knows that no text holds a null character, which saves a walk.

        The value is what the platform would see: converted where its framework converts.
        """
        if operation.body_schema is None:
            return Checked(value=body)
        prepared = self._bodies.get(operation) or self._prepare(operation)
        body = with_lower_case_keys(operation.key, {} if body is None else body)
        converter = Converter(is_text=textual, is_lenient=mode is not ValidationMode.STRICT)
        if textual or mode is ValidationMode.OFF:
            body = converter.convert(prepared.outline, body)
        violations: list[Violation] = []
        if mode is ValidationMode.OFF:
            violations = check_fields(prepared.needs, body, violations, currency=currency)
            return Checked(value=body, violations=_first(violations))
        if not self._validator.accepts(prepared.view, body):
            if mode is ValidationMode.COMPATIBLE and not textual:
                body = converter.convert(prepared.outline, body)
            violations = self._violations(operation, prepared, body)
        remarks = converter.remarks
        if has_strays(prepared.outline, body):
            found = stray_fields(prepared.outline, body, prepared.known)
            strays = list(islice(found, MOST_TOLD + 1))
            if mode is ValidationMode.STRICT:
                violations += map(as_violation, strays)
            else:
                remarks += strays
        if may_hold_null:
            violations += islice(null_characters(body), MOST_TOLD + 1)
        violations += check_fields(prepared.needs, body, violations, currency=currency)
        violations += check_fields(prepared.rules, body, violations, currency=currency)
        if len(violations) > 1:
            violations = in_document_order(violations, prepared.outline)
        return Checked(value=body, violations=_first(violations), remarks=_first_remarks(remarks))

    def check_merged(
        self, body: Mapping[str, Any], *, mode: ValidationMode
    ) -> tuple[Violation, ...]:
        """Judge a payment as an update would leave it, by the rules for new ones.

        The parts have been judged by the document already: what was sent now, and what is kept.
        """
        rules = NEEDS[CHECKOUT] if mode is ValidationMode.OFF else RULES[CHECKOUT]
        return _first(check_fields(rules, body, [], currency=None))

    def check_response(
        self, operation: OperationContract, status: int, content_type: str, body: object
    ) -> list[Violation]:
        """Judge an answer by the response view; JSON may be given as bytes or as its value.

        An error status that the document lacks is fine in one of the platform's error shapes.
        """
        return self._answers.check(operation, status, content_type, body)

    def example(self, operation: OperationContract, seed: int) -> Example | None:
        """Return a made-up answer of success that fits the document; None where none was found.

        The same seed gives the same answer.
        """
        for made in self._examples.of(operation, seed):
            is_sendable = made.is_json or not made.media_type or isinstance(made.value, str)
            judged = (made.status, made.media_type, made.value)
            if is_sendable and not self.check_response(operation, *judged):
                return made
        return None

    def check_webhook(self, name: str, body: object) -> list[Violation]:
        """Judge a webhook payload by the document's `webhooks` section.

        Raises:
            UnknownWebhook: the section has no such name.
        """
        try:
            schema = self._answers.webhooks[name]
        except KeyError:
            raise UnknownWebhook(f"The document has no webhook `{name}`.") from None
        return self._answers.judge(schema, body)

    def _prepare(self, operation: OperationContract) -> "_Prepared":
        outline = self._outlines.of([operation.body_schema])
        prepared = _Prepared(
            view=self._views.of(operation.body_schema, Direction.REQUEST),
            outline=outline,
            needs=NEEDS.get(operation.key, ()),
            rules=rules_of(operation.key, outline),
            known=UNDOCUMENTED.get(operation.key, frozenset()),
            declared=frozenset(outline.names),
        )
        self._bodies[operation] = prepared
        return prepared

    def _violations(
        self, operation: OperationContract, prepared: "_Prepared", body: object
    ) -> list[Violation]:
        judged, cut_at = shortened(body)
        found = explain(self._validator.breaches(prepared.view, judged), prepared.outline)
        if not found and cut_at is not None:
            return [beyond(cut_at)]
        return [
            one
            for one in found
            if not is_tolerated(operation.key, one, _value_at(body, one.location))
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Prepared:
    """What is needed to judge the bodies of one operation."""

    view: View
    outline: Outline
    needs: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    known: frozenset[str]
    declared: frozenset[str]


def _first(violations: list[Violation]) -> tuple[Violation, ...]:
    if len(violations) <= MOST_TOLD:
        return tuple(violations)
    told = f"There are more mistakes than the {MOST_TOLD} that are told."
    return (*violations[:MOST_TOLD], Violation(location=(), rule="more", message=told))


def _first_remarks(remarks: list[Remark]) -> tuple[Remark, ...]:
    if len(remarks) <= MOST_TOLD:
        return tuple(remarks)
    told = f"There is more like this than the {MOST_TOLD} places that are told."
    return (*remarks[:MOST_TOLD], replace(remarks[MOST_TOLD], location=(), message=told))


def _value_at(body: Any, location: Location) -> Any:  # noqa: ANN401 - any value of JSON
    try:
        return reduce(lambda inner, step: inner[step], location, body)
    except (KeyError, IndexError, TypeError):
        return None
