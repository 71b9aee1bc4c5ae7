"""Errors of the control API as RFC 9457 has them: `application/problem+json`.

Source: DESIGN (control API, problem).
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson

from sandbox.contract.errors import MethodNotAllowed
from sandbox.domain.errors import SandboxError
from sandbox.domain.setting_changes import InvalidSetting
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem
from sandbox.web.answers import PROBLEM, Answer
from sandbox.web.control.fields import pointer_to
from sandbox.web.error_table import message_of, status_of
from sandbox.web.errors import Problem, WrongFields

_TYPE: Final = "urn:ottu-sandbox:problem:"
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
# Where the platform puts what concerns the whole body (FACTS 3).
_WHOLE: Final = ("non_field_errors",)
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


def problem_answer(error: SandboxError) -> Answer:
    """Return the answer of a control call that ended in an exception."""
    if isinstance(error, Problem):
        return _answer(
            error.status,
            slug=_NOT_A_WORD.sub("-", error.title.lower()).strip("-"),
            title=error.title,
            detail=error.detail,
            pointer=error.pointer,
            hint=error.hint,
            errors=error.errors,
        )
    headers = {}
    members: dict[str, Any] = {"detail": message_of(error)}
    if isinstance(error, InvalidScenario):
        members["detail"] = _counted(len(error.problems))
        members["errors"] = [_scenario_error(each) for each in error.problems]
    elif isinstance(error, InvalidSetting):
        members["pointer"] = pointer_to(*error.name.split("."))
    elif isinstance(error, WrongFields):
        told = _told(error.errors, ())
        members["detail"] = " ".join(f"{'.'.join(path)}: {text}" for path, text in told)
        first = told[0][0] if told else ()
        members["pointer"] = "" if first == _WHOLE else pointer_to(*first)
    elif isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    kind = type(error)
    title = (kind.__doc__ or kind.__name__).strip().partition("\n")[0]
    return _answer(
        status_of(error),
        slug=_WORD.sub("-", kind.__name__).lower(),
        title=title.partition(";")[0].rstrip("."),
        headers=headers,
        **members,
    )


def unexpected_answer() -> Answer:
    """Return the answer of a call in which the sandbox itself is at fault."""
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        slug="fault-of-the-sandbox",
        title="The sandbox has a fault of its own",
        detail="Its log tells more. Please report it.",
    )


def _answer(
    status: int,
    *,
    slug: str,
    title: str,
    detail: str,
    pointer: str = "",
    hint: str = "",
    errors: list[dict[str, object]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    problem = {
        "type": _TYPE + slug,
        "title": title,
        "status": int(status),
        "detail": detail,
        "pointer": pointer,
        "hint": hint,
        "errors": errors,
    }
    written = {name: value for name, value in problem.items() if value}
    return Answer(
        status=status,
        body=orjson.dumps(written),
        content_type=PROBLEM,
        headers=headers or {},
    )


def _scenario_error(problem: ScenarioProblem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "message": problem.message,
        "hint": problem.hint,
    }


def _counted(count: int) -> str:
    return "The scenario has one mistake." if count == 1 else f"The scenario has {count} mistakes."


def _told(errors: object, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Flatten the platform's nested form of field errors, in its order."""
    if isinstance(errors, Mapping):
        items = ((str(name), inner) for name, inner in errors.items())
        return [each for name, inner in items for each in _told(inner, (*path, name))]
    if isinstance(errors, list):
        if all(isinstance(each, str) for each in errors):
            return [(path, each) for each in errors]
        numbered = enumerate(errors)
        return [each for index, inner in numbered for each in _told(inner, (*path, str(index)))]
    return [(path, str(errors))]
