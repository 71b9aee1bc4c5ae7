"""Judge the parameters of a call: path, query and headers."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.contract.coercion import Converter
from sandbox.contract.explaining import explain
from sandbox.contract.fields import as_violation, stray_fields
from sandbox.contract.operations import OperationContract, Parameter, ParameterPlace
from sandbox.contract.outline import Outlines
from sandbox.contract.validation import BodyValidator
from sandbox.contract.views import Direction, Views
from sandbox.contract.violations import Checked, Remark, Violation
from sandbox.domain.settings import ValidationMode

# The texts that came with a call; a name in a query may come several times.
Sent = Mapping[ParameterPlace, Mapping[str, str] | Mapping[str, list[str]]]

_PLACES: Final[tuple[ParameterPlace, ...]] = ("path", "query", "header")


class ParameterCheck:
    """Judges the parameters that stand in one place, such as the query of one operation.

    All of them together are seen as one object, so that they are judged as a body is.
    """

    def __init__(
        self, place: ParameterPlace, parameters: Iterable[Parameter], views: Views, known: Outlines
    ) -> None:
        self.place = place
        self._parameters = tuple(parameters)
        self._schema = {
            "type": "object",
            "properties": {one.name: one.schema for one in self._parameters},
            "required": [one.name for one in self._parameters if one.required],
        }
        self._view = views.of(self._schema, Direction.REQUEST)
        self._outline = known.of([self._schema])

    @property
    def declares_any(self) -> bool:
        """Whether the document declares a parameter in this place."""
        return bool(self._parameters)

    def check(
        self,
        sent: Mapping[str, str] | Mapping[str, list[str]],
        validator: BodyValidator,
        mode: ValidationMode,
    ) -> tuple[dict[str, Any], list[Violation], list[Remark]]:
        """Return the values by name, typed as the document says, and what is wrong with them."""
        values = self._chosen(sent)
        converter = Converter(is_text=True, is_lenient=mode is not ValidationMode.STRICT)
        values = converter.convert(self._outline, values)
        if mode is ValidationMode.OFF:
            return values, [], []
        violations: list[Violation] = []
        remarks = converter.remarks
        if not validator.accepts(self._view, values):
            breaches = validator.breaches(self._view, values)
            violations = explain(breaches, self._outline, where=self.place)
        if self.place == "query":
            strays = [
                remark
                for remark in stray_fields(self._outline, dict(sent), frozenset())
                if len(remark.location) == 1
            ]
            if mode is ValidationMode.STRICT:
                violations += [as_violation(stray, where="query") for stray in strays]
            else:
                remarks = [*remarks, *strays]
        return values, violations, remarks

    def _chosen(self, sent: Mapping[str, str] | Mapping[str, list[str]]) -> dict[str, Any]:
        """Take what is declared; of a repeated name the last counts, unless it is a list."""
        texts_by_name: dict[str, str | list[str]] = dict(sent)
        if self.place == "header":
            texts_by_name = {name.lower(): value for name, value in sent.items()}
        chosen: dict[str, Any] = {}
        for parameter in self._parameters:
            name = parameter.name.lower() if self.place == "header" else parameter.name
            value = texts_by_name.get(name)
            if value is None or value == []:
                continue
            if "array" in self._outline.field(parameter.name).types:
                texts = value if isinstance(value, list) else [value]
                if not parameter.is_exploded or self.place != "query":
                    texts = texts[-1].split(",")
                chosen[parameter.name] = list(texts)
            else:
                chosen[parameter.name] = value if isinstance(value, str) else value[-1]
        return chosen


def parameter_checks(
    operation: OperationContract, views: Views, known: Outlines
) -> tuple[ParameterCheck, ...]:
    """Return a check for each place that matters; the query always does."""
    checks = []
    for place in _PLACES:
        parameters = [one for one in operation.parameters if one.place == place]
        if parameters or place == "query":
            checks.append(ParameterCheck(place, parameters, views, known))
    return tuple(checks)


def check_parameters(
    checks: Iterable[ParameterCheck],
    sent: Sent,
    validator: BodyValidator,
    mode: ValidationMode,
) -> Checked:
    """Judge all places; the value is `{place: {name: value}}`."""
    values: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    violations: list[Violation] = []
    remarks: list[Remark] = []
    for check in checks:
        if not check.declares_any and not sent[check.place]:
            continue
        found = check.check(sent[check.place], validator, mode)
        values[check.place] = found[0]
        violations += found[1]
        remarks += found[2]
    return Checked(value=values, violations=tuple(violations), remarks=tuple(remarks))
