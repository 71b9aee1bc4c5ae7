"""The life of a payment, compared with the platform's own tables line by line."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.errors import IllegalMove
from sandbox.domain.states import (
    ACKNOWLEDGEABLE,
    CANCELABLE,
    EXPIRABLE,
    INQUIRABLE,
    MOVES,
    SUCCEEDED,
    AttemptState,
    Cause,
    ChildState,
    State,
    cause_of,
    move,
    move_child,
)

# How an attempt ends: the state with several attempts allowed, and with one only.
ENDINGS = """
success   paid       paid
cod       cod        cod
failed    attempted  failed
canceled  attempted  expired
error     attempted  failed
"""
GROUPS = {
    SUCCEEDED: "paid authorized cod",
    CANCELABLE: "created pending attempted cod",
    EXPIRABLE: "created pending attempted",
    ACKNOWLEDGEABLE: "created pending attempted failed expired",
    INQUIRABLE: "pending attempted failed expired",
}


@pytest.mark.parametrize("line", ENDINGS.strip().splitlines())
def test_how_an_attempt_ends_decides_the_state(line: str) -> None:
    attempt, several, one = line.split()
    ended = AttemptState(attempt)

    for allowed, expected in ((True, several), (False, one)):
        cause = cause_of(ended, authorize=False, several_attempts=allowed)
        assert move(State.PENDING, cause) == expected


@pytest.mark.parametrize("several", [True, False])
def test_a_successful_authorization_is_authorized(*, several: bool) -> None:
    cause = cause_of(AttemptState.SUCCESS, authorize=True, several_attempts=several)

    assert move(State.PENDING, cause) is State.AUTHORIZED


@pytest.mark.parametrize(("group", "listed"), GROUPS.items())
def test_the_groups_of_states_are_the_platforms(group: Sequence[State], listed: str) -> None:
    assert set(group) == {State(name) for name in listed.split()}


def test_what_a_call_may_cancel_or_expire_has_a_way_there() -> None:
    assert {state for state, cause in MOVES if cause is Cause.CANCELED} == CANCELABLE
    assert {state for state, cause in MOVES if cause is Cause.EXPIRED} == EXPIRABLE


def test_a_late_success_is_possible_wherever_the_platform_acknowledges_it() -> None:
    paid_from = {state for state, cause in MOVES if cause is Cause.PURCHASED}

    # Cash that was promised is paid in the end too.
    assert paid_from == {*ACKNOWLEDGEABLE, State.COD}


@given(st.sampled_from(State), st.sampled_from(Cause))
def test_a_move_that_is_not_in_the_table_is_never_made(state: State, cause: Cause) -> None:
    if (state, cause) in MOVES:
        assert move(state, cause) is MOVES[state, cause]
    else:
        with pytest.raises(IllegalMove) as refused:
            move(state, cause)
        assert (refused.value.state, refused.value.cause) == (state, cause)


@given(st.lists(st.sampled_from(Cause), max_size=30))
def test_no_way_leads_out_of_paid_canceled_or_invalided(causes: list[Cause]) -> None:
    state = State.CREATED
    for cause in causes:
        before = state
        state = MOVES.get((state, cause), state)
        if before in (State.PAID, State.CANCELED, State.INVALIDED, State.AUTHORIZED):
            assert state is before


@given(st.sampled_from(ChildState), st.sampled_from(ChildState))
def test_only_a_queued_refund_is_settled(state: ChildState, target: ChildState) -> None:
    settled = target in (ChildState.REFUNDED, ChildState.REFUND_REJECTED)
    if state is ChildState.REFUND_QUEUED and settled:
        assert move_child(state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move_child(state, target)
