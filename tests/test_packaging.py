"""The wheel carries the data files; an editable install carries no copy of them."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our build files, a package of one module, and two data files."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        if (CHECKOUT / name).exists():
            shutil.copy(CHECKOUT / name, tmp_path)
    files = {
        "sandbox/__init__.py": '__version__ = "0.1.0"\n',
        "specs/templates/page.html": "<p>",
        "scenarios/declined.yaml": "scenario: declined\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def build(project: Path, kind: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "dist", "-t", kind],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
    )


def data_in_wheel(project: Path) -> set[str]:
    (wheel,) = project.glob("dist/*.whl")
    with ZipFile(wheel) as files:
        return {name for name in files.namelist() if not name.startswith("ottu_sandbox-")}


def test_the_wheel_carries_the_data_files(project: Path) -> None:
    built = build(project, "wheel")

    assert built.returncode == 0, built.stderr
    assert data_in_wheel(project) == {
        "sandbox/__init__.py",
        "sandbox/_data/specs/templates/page.html",
        "sandbox/_data/scenarios/declined.yaml",
    }


def test_an_editable_install_reads_the_checkout(project: Path) -> None:
    built = build(project, "wheel:editable")

    assert built.returncode == 0, built.stderr
    assert data_in_wheel(project) == {"_editable_impl_ottu_sandbox.pth"}


def test_a_wheel_without_its_data_files_is_not_built(project: Path) -> None:
    shutil.rmtree(project / "scenarios")

    built = build(project, "wheel")

    assert built.returncode != 0
    assert "scenarios" in built.stderr


def test_a_wheel_from_the_source_archive_is_the_same(project: Path) -> None:
    assert build(project, "sdist").returncode == 0
    (archive,) = project.glob("dist/*.tar.gz")
    unpacked = project / "unpacked"
    unpacked.mkdir()
    subprocess.run(
        ["tar", "-xzf", archive, "-C", unpacked, "--strip-components=1"],  # noqa: S607 tar has no fixed place
        check=True,
    )

    assert build(unpacked, "wheel").returncode == 0
    assert build(project, "wheel").returncode == 0
    assert data_in_wheel(unpacked) == data_in_wheel(project)
