"""Build ids and instants keep their order, whatever the clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchestration.build_ids import begin_of, build_id_of
from orchestration.instants import next_instant

INSTANTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(
    lambda instant: instant.replace(tzinfo=UTC)
)


@given(clock=INSTANTS, recorded=st.lists(INSTANTS, max_size=5))
def test_the_next_instant_is_after_all_that_is_recorded(clock: datetime, recorded: list[datetime]) -> None:
    """Its build id sorts after theirs, and it is the clock's own wherever that is late enough."""
    following = next_instant(clock, recorded)
    assert all(following > instant for instant in recorded)
    assert all(build_id_of(following, "0" * 8) > build_id_of(instant, "f" * 8) for instant in recorded)
    if all(clock - instant >= timedelta(seconds=1) for instant in recorded):
        assert following == clock


@given(instant=INSTANTS)
def test_a_build_id_tells_when_its_build_began(instant: datetime) -> None:
    """To the second; a name that somebody else gave tells nothing."""
    assert begin_of(build_id_of(instant, "9f0ae9f8-1b1e-4a53")) == instant.replace(microsecond=0)
    assert begin_of("copy_of_march") is None
