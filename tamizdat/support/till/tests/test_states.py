"""The laws of `apply`: whatever order news arrives in, the latest truth decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.support.providers.base import Snapshot
from tamizdat.support.till.states import LEGAL, STATES, Known, apply


def snapshot(status, version):
    return Snapshot(ref="r", key="k", status=status, version=version)


@st.composite
def histories(draw):
    """What really happened to a contribution at the service: one legal move after the other."""
    moments = []
    state = "submitting"
    for version in range(1, draw(st.integers(1, 7)) + 1):
        choices = sorted(LEGAL[state])
        if not choices:
            break
        state = draw(st.sampled_from(choices))
        moments.append(snapshot(state, version))
    return moments


@given(histories(), st.data())
def test_any_order_repetition_and_loss_ends_where_the_last_snapshot_is(history, data):
    heard = [*data.draw(st.lists(st.sampled_from(history), max_size=12)), history[-1]]
    heard = data.draw(st.permutations(heard))
    known = Known("submitting")

    for news in heard:
        known = apply(known, news)

    assert known == Known(history[-1].status, history[-1].version, "r")


@given(histories())
def test_hearing_it_twice_changes_nothing(history):
    known = Known("submitting")
    for news in history:
        known = apply(known, news)
        assert apply(known, news) == known


def test_the_table_is_transitive_so_that_a_missed_state_never_locks_a_contribution():
    for state in STATES:
        for then in LEGAL[state]:
            assert LEGAL[then] - {state} <= LEGAL[state], f"{state} → {then}"


@pytest.mark.parametrize(
    ("state", "status", "after"),
    [
        pytest.param("submitting", "paid", "paid", id="the usual"),
        pytest.param("failed", "paid", "paid", id="a late success lifts a failure"),
        pytest.param("expired", "running", "running", id="a late success lifts what we gave up"),
        pytest.param("paid", "failed", "paid", id="what was paid was paid"),
        pytest.param("paid", "processing", "paid", id="no way back"),
        pytest.param("stopped", "running", "stopped", id="stopped stays stopped"),
        pytest.param("late", "running", "running", id="a late payer pays"),
    ],
)
def test_moves(state, status, after):
    assert apply(Known(state, 1, "r"), snapshot(status, 2)).state == after


def test_an_older_snapshot_that_arrives_late_changes_nothing():
    known = Known("late", 5, "r")

    assert apply(known, snapshot("running", 4)) == known


def test_a_ref_is_learned_once():
    known = apply(Known("submitting"), snapshot("paid", 1))
    other = Snapshot(ref="other", key="k", status="paid", version=2)

    assert known.ref == "r"
    assert apply(known, other).ref == "r"
