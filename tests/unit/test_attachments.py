"""The names under which files are stored."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.attachments import CONTENT_TYPES, base_name, extension_of, stored_name


@pytest.mark.parametrize(
    ("filename", "stored"),
    [
        ("terms.pdf", "terms.pdf"),
        ("Terms of use.PDF", "Terms_of_use.PDF"),
        ("شروط.pdf", "شروط.pdf"),
        ("a&b?c=#d.txt", "abcd.txt"),
        ("...pdf", "file.pdf"),
        ("???.pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_name_loses_what_means_something_in_a_url(filename: str, stored: str) -> None:
    assert stored_name(filename) == stored


def test_a_mark_stands_before_the_ending() -> None:
    assert stored_name("terms.pdf", "k3v9") == "terms_k3v9.pdf"


@pytest.mark.parametrize(
    ("filename", "base"), [("a/b.pdf", "b.pdf"), (r"C:\a\b.pdf", "b.pdf"), ("b.pdf", "b.pdf")]
)
def test_folders_that_a_client_sends_are_left_out(filename: str, base: str) -> None:
    assert base_name(filename) == base


@pytest.mark.parametrize(
    ("filename", "extension"),
    [("a.pdf", "pdf"), ("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("pdf", ""), (".pdf", ""), ("", "")],
)
def test_the_ending_counts_in_any_case(filename: str, extension: str) -> None:
    assert extension_of(filename) == extension


@given(stem=st.text(st.characters()), extension=st.sampled_from(sorted(CONTENT_TYPES)))
def test_every_name_becomes_one_sound_part_of_a_path(stem: str, extension: str) -> None:
    filename = base_name(f"{stem}.{extension}")
    if extension_of(filename) != extension:
        return

    name = stored_name(filename)

    assert "/" not in name
    assert not name.startswith(".")
    assert extension_of(name) == extension
    assert quote(name)
