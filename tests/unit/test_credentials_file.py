"""The file of credentials: what it gives, and how mistakes in it are told."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.credentials_file import InvalidCredentials, load_credentials, read_credentials
from sandbox.domain.credentials import ListedClient, ListedKey, ListedUser, Permission

DOCS = Path(__file__).parents[2] / "docs" / "credentials.md"
SECRET = "s3cret-Value"


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidCredentials) as caught:
        read_credentials(dedent(text), source="callers.yaml")
    return caught.value.problems


def test_the_documented_file_gives_all_four_kinds() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)

    listed = read_credentials(text)

    assert listed.keys == {
        "shop-private-key": ListedKey(is_public=False, workspace="shop"),
        "shop-public-key": ListedKey(is_public=True, workspace="shop"),
    }
    assert listed.users["noura"] == ListedUser(
        username="noura",
        password="a password",
        permissions=frozenset({Permission.REFUND, Permission.INQUIRY}),
        workspace="shop",
        id=7,
        email="noura@shop.example.com",
        first_name="Noura",
        last_name="Al-Sabah",
    )
    assert listed.clients["shop-backend"] == ListedClient(
        client_id="shop-backend",
        secret="another secret",
        permissions=frozenset({Permission.CAPTURE, Permission.VOID, Permission.VIEW_REPORTS}),
        workspace="shop",
    )


def test_the_documented_permissions_are_all_that_there_are() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert all(f"`{each}`" in text for each in Permission)


def test_the_published_name_of_the_report_permission_is_taken_too() -> None:
    listed = read_credentials(
        "users: [{username: a, password: b, permissions: [report.view_report]}]"
    )

    assert listed.users["a"].permissions == {Permission.VIEW_REPORTS}


def test_a_user_without_permissions_has_none() -> None:
    assert read_credentials("users: [{username: a, password: b}]").users["a"].permissions == set()


def test_every_mistake_is_told_with_its_line_and_what_to_do() -> None:
    assert problems_of(
        """\
        api_key: []
        api_keys:
          - key: 123456
          - key: Api-Key abc
          - {key: same, workspace: a b}
        public_keys:
          - key: same
        users:
          - username: noura@w1
            pasword: x
            permissions: [payment.refunds]
            id: 0
          - {username: noura, password: p, email: nobody, first_name: ""}
          - {username: noura, password: p, permissions: payment.refund}
        clients: {}
        """
    ) == (
        "callers.yaml:1: unknown name `api_key`. Did you mean `api_keys`?",
        "callers.yaml:3: `key`: YAML takes this for something other than a text; quote it.",
        "callers.yaml:4: `key`: expected the key alone, visible ASCII without spaces or scheme word.",
        "callers.yaml:5: `workspace`: expected 1 to 64 letters, digits, `-` or `_`.",
        "callers.yaml:7: the same `key` stands on line 5 already.",
        (
            "callers.yaml:9: `username`: expected 1 to 150 letters, digits or `@ . + - _`; "
            "a workspace goes into `workspace`, not after an `@`."
        ),
        "callers.yaml:9: `password` is missing: a text of one line.",
        "callers.yaml:10: unknown name `pasword`. Did you mean `password`?",
        "callers.yaml:11: unknown permission `payment.refunds`. Did you mean `payment.refund`?",
        "callers.yaml:12: `id`: expected a whole number from 1, of at most 9 digits.",
        "callers.yaml:13: `email`: expected an email address.",
        "callers.yaml:13: `first_name`: expected a name of at most 32 letters.",
        "callers.yaml:14: `permissions`: expected a list, such as `[payment.refund]`; `[]` for none.",
        "callers.yaml:14: the same `username` stands on line 13 already.",
        "callers.yaml:15: `clients` is a list: begin each item with `- `.",
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("# nothing\n", 1), ("- a\n", 1), ("users:\n  - [\n", 3), ("users:\n  - text\n", 2)],
)
def test_a_file_of_another_shape_is_refused(text: str, line: int) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith(f"callers.yaml:{line}: ")


@pytest.mark.parametrize(
    "text",
    [
        f"api_keys: [{{key: {SECRET} x}}]",
        f"api_keys: [{SECRET}]",
        f"{SECRET}: []",
        f"api_keys: [{{{SECRET}: key}}]",
        f"api_keys: [{{key: {SECRET}}}, \n{{key: {SECRET}}}]",
        f"users: [{{username: {SECRET} x, password: {SECRET}}}]",
        f"users: [{{username: a, password: [{SECRET}]}}]",
        f"users: [{{username: a, password: b, permissions: [{SECRET}]}}]",
        f"clients: [{{client_id: a, secret: !!int {SECRET}}}]",
        f"users: [*{SECRET.replace('-', '')}",
    ],
)
def test_no_problem_shows_what_may_be_a_secret(text: str) -> None:
    assert not any(SECRET in each for each in problems_of(text))


@given(st.text())
def test_any_text_is_read_or_refused_with_lines(text: str) -> None:
    problems: tuple[str, ...] = ()
    try:
        read_credentials(text)
    except InvalidCredentials as refused:
        problems = refused.problems

    assert all(re.match(r"credentials\.yaml:[0-9]+: ", each) for each in problems)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidCredentials, match=r"nowhere\.yaml: the file cannot be read"):
        load_credentials(tmp_path / "nowhere.yaml")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "callers.yaml"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(InvalidCredentials, match="not UTF-8"):
        load_credentials(file)
