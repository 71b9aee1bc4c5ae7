"""A method and a path mean one operation, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.contract.checking import Contract
from sandbox.contract.errors import MethodNotAllowed, UnknownPath
from sandbox.contract.routing import Router

ROUTES = [
    ("GET", "/b/a/"),
    ("POST", "/b/a/"),
    ("GET", "/b/a/{id}/"),
    ("DELETE", "/b/a/{key}/"),
    ("GET", "/b/a/fixed/"),
    ("GET", "/b/{group}/deep/end/"),
    ("GET", "/b/a/{id}/other/"),
    ("GET", "/files/{name}.{kind}"),
    ("GET", "/"),
]
ROUTER = Router([(method, path, f"{method} {path}") for method, path in ROUTES])


@pytest.mark.parametrize(
    ("method", "path", "target", "parameters"),
    [
        ("GET", "/b/a/", "GET /b/a/", {}),
        ("GET", "/b/a", "GET /b/a/", {}),
        ("POST", "/b/a", "POST /b/a/", {}),
        ("GET", "/b/a/7/", "GET /b/a/{id}/", {"id": "7"}),
        ("DELETE", "/b/a/7", "DELETE /b/a/{key}/", {"key": "7"}),
        ("GET", "/b/a/x%20%C3%A9/", "GET /b/a/{id}/", {"id": "x é"}),
        ("GET", "/b/a/fixed/", "GET /b/a/fixed/", {}),
        ("GET", "/b/a/deep/end", "GET /b/{group}/deep/end/", {"group": "a"}),
        ("GET", "/b/a/fixed/other", "GET /b/a/{id}/other/", {"id": "fixed"}),
        ("GET", "/files/a.b.csv", "GET /files/{name}.{kind}", {"name": "a", "kind": "b.csv"}),
        ("GET", "/", "GET /", {}),
    ],
)
def test_a_call_is_found(method: str, path: str, target: str, parameters: dict[str, str]) -> None:
    assert ROUTER.find(method, path) == (target, parameters)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "b/a",
            "/b",
            "/c/",
            "/b//a/",
            "//b/a/",
            "/b/a//",
            "/b/a/7//",
            "/b/./a/",
            "/b/../b/a/",
        ),
        *(
            "/b/a/../",
            "/b/a/%2e%2E/",
            "/b/a/./",
            "/b/a/%2e",
            "/b/a/%ff/",
            "/b/a/x%2Fy/",
            "/b/a/7/8/",
        ),
        *("/b/%61/", "/B/a/", "/b/a/7/other/more", "/files/.csv", "/b/a?x=1/y"),
    ],
)
def test_an_unknown_path_is_never_made_to_fit(path: str) -> None:
    with pytest.raises(UnknownPath):
        ROUTER.find("GET", path)


def test_a_known_path_names_the_methods_it_takes() -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        ROUTER.find("PATCH", "/b/a/7")

    assert refused.value.allowed == ("DELETE", "GET")
    assert str(refused.value) == "The path takes DELETE, GET only."


@given(st.text(max_size=60).map(lambda text: f"/b/{text}"))
def test_any_path_is_found_or_unknown(path: str) -> None:
    try:
        target, parameters = ROUTER.find("GET", path)
    except UnknownPath:
        return
    except MethodNotAllowed:
        return
    assert target.startswith("GET /b/")
    assert all(parameters.values())


def test_every_path_of_the_document_leads_to_its_own_operation(platform: Contract) -> None:
    for operation in platform.operations.values():
        path = operation.path.replace("{", "").replace("}", "")
        if operation.path.endswith("/{channel}/"):
            path = path.replace("channel", "sms")
        for written in (path, path.rstrip("/")):
            assert platform.match(operation.method, written).operation is operation
