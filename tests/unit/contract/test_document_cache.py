from pathlib import Path

import pytest

from sandbox import resources
from sandbox.contract.document import Document, load_document
from sandbox.contract.document_cache import DocumentCache, cache_folder
from sandbox.contract.errors import DocumentError

MINIMAL = "openapi: 3.1.0\ninfo: {title: First, version: '1'}\npaths: {/a/: {get: {}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "ottu-sandbox"


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def minimal(folder: Path, title: str = "First", name: str = "document.yaml") -> Path:
    file = folder / name
    file.write_text(MINIMAL.replace("First", title), encoding="utf-8")
    return file


def test_a_document_from_the_cache_is_the_same_document(folder: Path) -> None:
    file = resources.specs() / "ottu.yaml"

    fresh = load_document(file)
    first = load_document(file, DocumentCache(folder))
    again = load_document(file, DocumentCache(folder))

    assert len(kept(folder)) == 1
    assert first == again == fresh
    assert list(again.tree["paths"]) == list(fresh.tree["paths"])


def test_a_known_document_is_taken_from_the_cache(tmp_path: Path, folder: Path) -> None:
    file = minimal(tmp_path)
    load_document(file, DocumentCache(folder))
    (cached,) = kept(folder)
    cached.write_bytes(cached.read_bytes().replace(b"First", b"Cache"))

    assert load_document(file, DocumentCache(folder)).title == "Cache"


def test_a_document_that_changed_is_read_anew(tmp_path: Path, folder: Path) -> None:
    cache = DocumentCache(folder)
    load_document(minimal(tmp_path), cache)

    assert load_document(minimal(tmp_path, title="Second"), cache).title == "Second"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"tree": [], "repairs": []}', b'{"repairs": [{}]}']
)
def test_what_is_no_kept_document_is_replaced(tmp_path: Path, folder: Path, content: bytes) -> None:
    file = minimal(tmp_path)
    load_document(file, DocumentCache(folder))
    (cached,) = kept(folder)
    cached.write_bytes(content)

    assert load_document(file, DocumentCache(folder)).title == "First"
    assert b"First" in cached.read_bytes()


def test_a_folder_that_cannot_be_made_is_no_hindrance(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    document: Document = load_document(minimal(tmp_path), DocumentCache(in_the_way / "cache"))

    assert document.title == "First"


def test_a_document_with_faults_is_never_kept(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "document.yaml"
    file.write_text("openapi: 2.0\n", encoding="utf-8")

    for _ in range(2):
        with pytest.raises(DocumentError, match="OpenAPI"):
            load_document(file, DocumentCache(folder))

    assert kept(folder) == []


def test_only_the_newest_documents_are_kept(tmp_path: Path, folder: Path) -> None:
    for number in range(20):
        load_document(minimal(tmp_path, title=f"Number {number}"), DocumentCache(folder))

    assert len(kept(folder)) == 16
    assert any(b"Number 19" in file.read_bytes() for file in kept(folder))


def test_the_folder_is_that_of_the_desktop_standard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cache_folder({}) == tmp_path / ".cache" / "ottu-sandbox"
    assert cache_folder({"XDG_CACHE_HOME": "/caches"}) == Path("/caches/ottu-sandbox")
    # The standard has relative paths ignored.
    assert cache_folder({"XDG_CACHE_HOME": "caches"}) == tmp_path / ".cache" / "ottu-sandbox"
