"""Texts written for patterns: they match, or none is given."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.contract.pattern_texts import text_for


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nothing secret


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9a-f]{40}$",
        r"^[A-Z]{3}-\d{4}(x|yz)?$",
        r"^\+?[1-9]\d{7,14}$",
        r"^(?:SBX|TST)[\w-]+\.[^\s/]{2,}$",
        r"^(?P<year>20\d\d)-(0[1-9]|1[0-2])$",
        r"^[\]\-a-c^]+$",
        r"[^a-zA-Z0-9]{3}\W\D\S",
        r"^\S+@\S+\.com\Z",
        "a*b+?c??",
        "",
        r"\n\t",
    ],
)
def test_usual_patterns_get_a_text_that_matches(pattern: str) -> None:
    texts = [text_for(pattern, chance(seed)) for seed in range(50)]

    assert all(text is not None and re.search(pattern, text) for text in texts)


def test_the_same_chance_gives_the_same_text() -> None:
    pattern = r"^[a-z]{5,20}\d+$"

    assert text_for(pattern, chance(7)) == text_for(pattern, chance(7))
    assert len({text_for(pattern, chance(seed)) for seed in range(20)}) > 10


@pytest.mark.parametrize(
    "pattern",
    [
        *("^(?=.*x)a$", "^(?<!a)b$", r"(a)\1", r"\p{L}", "(", "[", "a)", "*", "a{3,1}", "[z-a]"),
        *(
            "x" + "(" * 5000,
            "(((a{999}){999}){999}){999}",
            "a\\",
            "(?P=a)",
            "(?",
            "a^b",
            "[^\\w\\W]",
        ),
    ],
)
def test_other_patterns_get_none(pattern: str) -> None:
    assert text_for(pattern, chance(1)) is None


@pytest.mark.filterwarnings("ignore::FutureWarning")  # Python's doubts about such patterns
@given(st.text(alphabet="ab01[](){}|?*+^$.\\-,:<>PdwWs", max_size=20), st.integers(0, 100))
def test_a_text_always_matches_its_pattern(pattern: str, seed: int) -> None:
    text = text_for(pattern, chance(seed))

    assert text is None or re.search(pattern, text)
