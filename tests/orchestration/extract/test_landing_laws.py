"""At least once in, exactly once out: whatever is repeated, shuffled or cut off, the table is that of one delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract import judging, ledger
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import land_feed, prepare_ingest
from tests.orchestration.extract.conftest import Desk

TICKETS = """\
  tickets:
    - source: drops
      path: "in*.csv"
      deleted: gone = 'yes'
      columns:
        ticket_id: id
        status: "'open'"
        symptom: note
        version_number: rev
        created_at: "'2026-01-01'"
"""

FEED = read_contract()["tickets"]
NOW = datetime(2026, 7, 1, tzinfo=UTC)

# A change of a row: its key, its version, whether it is the deletion. All else follows from these.
Change = tuple[str, int, bool]
changes = st.tuples(st.sampled_from("123"), st.integers(1, 4)).map(lambda each: (*each, sum(map(int, each)) % 3 == 0))

# Where a landing is cut off: before the transaction, at each step within it, or not at all.
STEPS = [
    (judging, "judge"),
    (judging, "apply_rows"),
    (judging, "apply_tombstones"),
    (ledger, "apply_rejects"),
    (ledger, "remember"),
    (ledger, "remember_columns"),
    (ledger, "write_notices"),
    (ledger, "record"),
]
deliveries = st.lists(
    st.tuples(st.lists(changes, min_size=1, max_size=6), st.none() | st.integers(0, len(STEPS) - 1)),
    min_size=1,
    max_size=4,
)


class CutOffError(Exception):
    """The process would have died here."""


def drop(folder: Path, name: str, delivered: list[Change]) -> None:
    lines = [f"{key},v{rev},{rev},{'yes' if gone else ''}" for key, rev, gone in delivered]
    # The name is part of the content: an equal file would be a copy, which is landed once.
    folder.joinpath(name).write_text("id,note,rev,gone,file\n" + "".join(f"{line},{name}\n" for line in lines))


def table(desk: Desk) -> list[tuple[str, str, int]]:
    return desk.query("select ticket_id, symptom, version_number from raw.tickets order by 1")


def latest(delivered: list[Change]) -> list[tuple[str, str, int]]:
    """The last change of each key, unless it is the deletion."""
    last = {key: (rev, gone) for key, rev, gone in sorted(delivered)}
    return [(key, f"v{rev}", rev) for key, (rev, gone) in sorted(last.items()) if not gone]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=deliveries, repeated=st.integers(0, 3))
def test_any_sequence_ends_as_one_clean_delivery(
    make_desk: Callable[[], Desk],
    monkeypatch: pytest.MonkeyPatch,
    deliveries: list[tuple[list[Change], int | None]],
    repeated: int,
) -> None:
    desk = make_desk()
    desk.feeds = TICKETS
    profile = desk.profile
    prepare_ingest(desk.ingest_file, {"tickets": FEED})

    def land(batch_id: str) -> None:
        land_feed(desk.ingest_file, FEED, profile, batch_id=batch_id, landed_at=NOW, log=lambda _: None)

    for number, (delivered, step) in enumerate([*deliveries, deliveries[repeated % len(deliveries)]]):
        drop(desk.root / "drops", f"in{number}.csv", delivered)
        if step is not None:
            before = desk.query("from raw.tickets order by all")
            with monkeypatch.context() as patch:
                cut_off(patch, *STEPS[step])
                with pytest.raises(CutOffError):
                    land("cut off")
            assert desk.query("from raw.tickets order by all") == before
        land(f"b{number}")
    assert desk.land("tickets").delivered == 0  # this holds the laws of the counts, too
    everything = [change for delivered, _ in deliveries for change in delivered]
    assert table(desk) == latest(everything)
    clean = make_desk()
    clean.feeds = TICKETS
    drop(clean.root / "drops", "in.csv", everything)
    clean.land("tickets")
    assert table(clean) == table(desk)


def cut_off(patch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Let the step do its work, and then nothing more."""
    step = getattr(module, name)

    def run(*arguments: object, **keywords: object) -> None:
        step(*arguments, **keywords)
        raise CutOffError

    patch.setattr(module, name, run)


def test_negative_durations_land_as_they_are(desk: Desk) -> None:
    """They are wrong, but they are what the source says: gate 1 warns of them."""
    desk.feeds = """\
  calls:
    - source: drops
      path: in.csv
      columns:
        call_leg_id: id
        call_id: id
        direction: "'inbound'"
        outcome: "'answered'"
        offered_at: "'2026-01-01'"
        talk_seconds: seconds
"""
    desk.drop("in.csv", "id,seconds\n1,-5\n")
    desk.land("calls")
    assert desk.query("select cast(talk_seconds as double) from raw.calls") == [(-5.0,)]


def test_a_ledger_whose_columns_stand_in_another_order_is_written_by_name(desk: Desk) -> None:
    """A column that an existing file gains stands at its end."""
    desk.feeds = TICKETS
    drop(desk.root / "drops", "in1.csv", [("1", 1, False)])
    desk.land("tickets")
    with duckdb.connect(str(desk.ingest_file)) as con:
        con.execute("alter table raw.batches drop column deleted")
        con.execute("alter table raw.batches drop column rejected")
    drop(desk.root / "drops", "in2.csv", [("1", 2, True)])
    desk.land("tickets")
    assert desk.query("select inserted, filtered, deleted from raw.batches order by batch_id") == [
        (1, 0, None),
        (0, 1, 1),
    ]
