"""The data files are found in an installed package and in a checkout."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import resources


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation: a package folder in a folder of its own."""
    package = tmp_path / "sandbox"
    package.mkdir()
    monkeypatch.setattr(resources, "files", lambda _: package)
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)
    return tmp_path


FINDERS = pytest.mark.parametrize(
    ("find", "name"), [(resources.specs, "specs"), (resources.scenarios, "scenarios")]
)


@FINDERS
def test_a_checkout_has_them_beside_the_package(
    installation: Path, find: Callable[[], Path], name: str
) -> None:
    (installation / name).mkdir()

    assert find() == installation / name


@FINDERS
def test_what_the_wheel_carries_comes_first(
    installation: Path, find: Callable[[], Path], name: str
) -> None:
    carried = installation / "sandbox" / "_data" / name
    carried.mkdir(parents=True)
    (installation / name).mkdir()

    assert find() == carried


@FINDERS
def test_an_incomplete_installation_says_what_is_missing_and_where(
    installation: Path, find: Callable[[], Path], name: str
) -> None:
    with pytest.raises(resources.MissingResources) as refused:
        find()

    assert name in str(refused.value)
    assert refused.value.looked_in == (
        installation / "sandbox" / "_data" / name,
        installation / name,
    )
