"""Whatever is cut into batches comes whole, in its order, and no batch is empty or too long."""

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.batches import batches


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7))
def test_everything_comes_once_and_in_its_order(every, size):
    cut = [*batches(iter(every), size)]

    assert [each for some in cut for each in some] == every
    assert all(len(some) == size for some in cut[:-1])
    assert all(0 < len(some) <= size for some in cut)


def test_nothing_is_read_before_it_is_asked_for():
    endless = iter(int, 1)

    assert next(batches(endless, 3)) == [0, 0, 0]
