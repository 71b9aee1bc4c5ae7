"""Violations in the shapes of Django REST framework."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.contract.shapes import drf_errors
from sandbox.contract.violations import Location, Violation


def at(*location: str | int, message: str = "m", rule: str = "type") -> Violation:
    return Violation(location=location, rule=rule, message=message)


def test_nested_objects_nest() -> None:
    assert drf_errors([at("a"), at("b", "c", "d")]) == {"a": ["m"], "b": {"c": {"d": ["m"]}}}


def test_plain_items_stand_by_position() -> None:
    assert drf_errors([at("pg_codes", 2), at("pg_codes", 0)]) == {
        "pg_codes": {"0": ["m"], "2": ["m"]}
    }


def test_items_that_are_objects_stand_in_order() -> None:
    assert drf_errors([at("rows", 2, "url"), at("rows", 0, "id")]) == {
        "rows": [{"id": ["m"]}, {}, {"url": ["m"]}]
    }


def test_an_item_that_should_be_an_object_stands_in_order_too() -> None:
    assert drf_errors([at("rows", 1, rule="not_an_object")]) == {
        "rows": [{}, {"non_field_errors": ["m"]}]
    }


def test_lists_of_lists_nest() -> None:
    assert drf_errors([at("a", 1, 0)]) == {"a": [{}, {"0": ["m"]}]}


def test_what_concerns_the_whole_stands_apart() -> None:
    assert drf_errors([at(), at("a"), at("a", "b", message="n")]) == {
        "a": {"b": ["n"], "non_field_errors": ["m"]},
        "non_field_errors": ["m"],
    }


def test_no_message_occurs_twice_in_one_place() -> None:
    assert drf_errors([at("a"), at("a"), at("a", message="n")]) == {"a": ["m", "n"]}


def test_nothing_wrong_is_an_empty_answer() -> None:
    assert drf_errors([]) == {}


NAMES = st.sampled_from(["a", "b", "c"])


@st.composite
def locations(draw: st.DrawFn) -> Location:
    """Make a place that a body could have: under one name always fields, or always items."""
    steps: list[str | int] = []
    for depth in range(draw(st.integers(0, 4))):
        is_list = depth > 0 and steps[-1] == "c"
        steps.append(draw(st.integers(0, 4)) if is_list else draw(NAMES))
    return tuple(steps)


@given(
    st.lists(
        st.tuples(locations(), st.sampled_from("xyz"), st.sampled_from(["type", "not_an_object"]))
    )
)
def test_no_violation_is_ever_lost(made: list[tuple[Location, str, str]]) -> None:
    violations = [at(*location, message=message, rule=rule) for location, message, rule in made]

    told = set(leaves(drf_errors(violations)))

    for one in violations:
        place = tuple(str(step) for step in one.location)
        apart = {(place, one.message), ((*place, "non_field_errors"), one.message)}
        assert told & apart


def leaves(node: object, place: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(node, str):
        return [(place, node)]
    if isinstance(node, dict):
        return [leaf for key, inner in node.items() for leaf in leaves(inner, (*place, key))]
    assert isinstance(node, list)
    found = []
    for index, inner in enumerate(node):
        below = place if isinstance(inner, str) else (*place, str(index))
        found += leaves(inner, below)
    return found
