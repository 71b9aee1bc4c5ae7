"""Scenarios by name, from folders."""

from pathlib import Path

import pytest

from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary, load_folder
from sandbox.scenarios.problems import InvalidScenario
from tests.unit.scenarios.loading import LOADER


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        b_yaml="scenario: two",
        a_yml="scenario: one",
        sub__c_json='{"scenario": "three"}',
        notes_txt="no scenario",
        _git__d_yaml="not: one",
    )

    scenarios = load_folder(folder, LOADER)

    assert [(each.name, each.source, each.position) for each in scenarios] == [
        ("one", "a.yml", 0),
        ("two", "b.yaml", 1),
        ("three", "sub/c.json", 2),
    ]


def test_two_of_one_name_are_an_error_that_names_both_files(tmp_path: Path) -> None:
    folder = write(tmp_path, a_yaml="scenario: same", b_yaml="scenario: same")

    with pytest.raises(InvalidScenario) as refused:
        load_folder(folder, LOADER)

    (problem,) = refused.value.problems
    assert problem.file == "b.yaml"
    assert "`same` is also in a.yaml" in problem.message


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, a_yaml="scenario: A", b_yaml="scenario: b\npaymnt: []")

    with pytest.raises(InvalidScenario) as refused:
        load_folder(folder, LOADER)

    assert [problem.file for problem in refused.value.problems] == ["a.yaml", "b.yaml"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidScenario, match="there is no such folder"):
        load_folder(tmp_path / "nowhere", LOADER)


def test_a_link_that_leads_back_up_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)

    assert load_folder(tmp_path, LOADER) == ()


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nothing.yaml")

    with pytest.raises(InvalidScenario, match="cannot be read"):
        load_folder(tmp_path, LOADER)


def test_a_ready_scenario_is_loaded_when_first_asked_for(tmp_path: Path) -> None:
    folder = write(tmp_path, good_yaml="scenario: good", bad_yaml="scenario: [")
    ready = BuiltInScenarios(folder, LOADER)

    first = ready.find("good")

    assert ready.names == ("bad", "good")
    assert first is not None
    assert ready.find("good") is first
    assert ready.find("unheard-of") is None


def test_a_ready_scenario_is_named_like_its_file(tmp_path: Path) -> None:
    ready = BuiltInScenarios(write(tmp_path, one_yaml="scenario: another"), LOADER)

    with pytest.raises(InvalidScenario, match=r"one\.yaml.*another"):
        ready.find("one")


def test_a_merchants_scenario_hides_a_ready_one_of_its_name(tmp_path: Path) -> None:
    ready = BuiltInScenarios(
        write(tmp_path, a_yaml="scenario: a", b_yaml="scenario: b\nmatch: {order_no: x}"), LOADER
    )
    mine = LOADER.load("scenario: a\nmatch: {order_no: x}", source="mine.yaml")
    library = ScenarioLibrary(built_in=ready, own=[mine])

    assert library.names() == ("a", "b")
    assert library.named("a") is mine
    assert library.named("c") is None


def test_ready_scenarios_are_chosen_by_name_only(tmp_path: Path) -> None:
    folder = write(tmp_path, b_yaml="scenario: b\nmatch: {order_no: x}")
    library = ScenarioLibrary(built_in=BuiltInScenarios(folder, LOADER))

    assert library.matching({"order_no": "x"}) is None
    assert library.named("b") is not None
