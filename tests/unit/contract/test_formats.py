"""What counts as an address, a date, an amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.contract.formats import FORMATS, is_day_first_date
from sandbox.contract.patterns import as_python, is_usable

GOOD = {
    "decimal": ["0", "12.500", "-3", "+.5", "7."],
    "email": [
        "a@b.co",
        "a.b+c@sub.example.com",
        '"odd"@example.com',
        "a@localhost",
        "a@[::1]",
        "a@bücher.example",
    ],
    "uri": [
        "http://localhost:8000/hook",
        "https://a.example/?q=1#x",
        "HTTP://shop/",
        "http://[::1]:80/",
    ],
    "date": ["2026-01-31", "2024-02-29", "2026-1-5"],
    "date-time": [
        "2026-01-01T10:00:00Z",
        "2026-01-01 10:00",
        "2026-01-01T10:00:00.123456+03:00",
        "2026-01-01 10:00:00+03",
    ],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000"],
    "duration": ["01:00:00", "1 00:00:00", "PT30M", "1h30m", "30m"],
}
BAD = {
    "decimal": ["", " 1", "1e3", "١٢", "1,5", "NaN", "inf", "1_000", "--1", ".", "1\n"],
    "email": ["", "a", "a@b", "a@b..co", "@b.co", "a b@c.co", "a@b.co\n", "a@-b.co", "a@" + "b" * 400,
              "a@..é"],
    "uri": ["", "http://", "http:///x", "ftp://a.example", "//a.example", "a.example", "http://a b",
            "http://a\r\nX: y", "http://a\n", "http://a:port/", "javascript:alert(1)", "http://a%0d/"],
    "date": ["", "2026-02-30", "31/12/2026", "2026-13-01", "2026-01-01\n", "26-1-1", "٢٠٢٦-01-01"],
    "date-time": ["", "2026-01-01", "2026-01-01T25:00", "2026-02-30 10:00", "10:00", "2026-01-01T10:00Q"],
    "uuid": ["", "123", "123e4567-e89b-12d3-a456-42661417400g"],
    "duration": ["", "soon", "-1", "25:61:00", "P"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, one) for name in GOOD for one in GOOD[name]])
def test_it_has_the_format(name: str, text: str) -> None:
    assert FORMATS[name](text)


@pytest.mark.parametrize(("name", "text"), [(name, one) for name in BAD for one in BAD[name]])
def test_it_lacks_the_format(name: str, text: str) -> None:
    assert not FORMATS[name](text)


@given(st.sampled_from(sorted(FORMATS)), st.text())
def test_no_format_ever_raises(name: str, text: str) -> None:
    assert FORMATS[name](text) in {True, False}


@given(st.sampled_from(sorted(FORMATS)), st.text(alphabet="0123456789-:.TZ @/[]ePp"))
def test_no_format_raises_on_what_looks_like_one(name: str, text: str) -> None:
    assert FORMATS[name](text) in {True, False}


@pytest.mark.parametrize(
    ("text", "is_day"),
    [("31/12/2026", True), ("31/31/2026", False), ("2026-12-31", False), ("1/2", False)],
)
def test_a_day_may_come_first(text: str, is_day: bool) -> None:  # noqa: FBT001
    assert is_day_first_date(text) is is_day


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\d+$", "12", True),
        (r"^\d+$", "١٢", False),
        (r"^\d+$", "12\n", False),
        (r"^[-\w]+$", "é", False),
        (r"^a\sb$", "a\u2003b", True),
        (r"^[\s]$", "\ufeff", True),
        (r"^\S$", "\u2003", False),
        (r"^[$]$", "$", True),
        (r"^\$$", "$", True),
        (r"(?<year>\d{4})", "2026", True),
        (r"pdf$", "a.pdf", True),
    ],
)
def test_patterns_mean_what_ecma_262_says(pattern: str, text: str, found: bool) -> None:  # noqa: FBT001
    assert is_usable(pattern)
    assert (as_python(pattern).search(text) is not None) is found


@pytest.mark.parametrize("pattern", ["[", "(?<", "a{2,1}", r"\Z", "("])
def test_what_is_no_pattern_is_known_as_such(pattern: str) -> None:
    assert not is_usable(pattern)
