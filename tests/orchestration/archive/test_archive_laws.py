"""Whatever is delivered, in whatever order, and wherever a run is cut off: the archive alone gives the same file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.archive import recording
from orchestration.archive.folding import fold
from orchestration.archive.layout import list_parts
from orchestration.archive.replay import rebuild
from orchestration.archive.verifying import verify
from tests.orchestration.archive.conftest import CONTRACT, Archived, Content, content_of

# A line of a file: its key, its version, whether it is the deletion, whether its day is none (a reject).
lines = st.tuples(st.sampled_from("123"), st.integers(1, 4), st.sampled_from(["", "", "yes"]), st.booleans()).map(
    lambda line: f"{line[0]},v{line[1]},{line[1]},{line[2]},{'soon' if line[3] else '2026-01-01'}"
)
files = st.tuples(st.sampled_from(["in1.csv", "in2.csv", "in3.csv"]), st.lists(lines, max_size=4))
# A change of the database: which customer, which version, 0 deletes it.
customers = st.tuples(st.sampled_from("ab"), st.integers(0, 3))

CUTS = ("before the commit", "between commit and name", "before the run is closed")
runs = st.lists(
    st.tuples(st.lists(files, max_size=2), st.lists(customers, max_size=2), st.none() | st.sampled_from(CUTS)),
    min_size=1,
    max_size=5,
)

# Rows that are replaced, moved, gone and deleted, rejects that come and go, runs that change nothing, every cut.
EVERY_KIND = [
    (
        [("in1.csv", ["1,v1,1,,2026-01-01", "2,v1,1,,2026-01-01", "3,v1,1,,soon"])],
        [("a", 1), ("b", 1)],
        None,
    ),
    ([("in1.csv", ["2,v1,1,,2026-01-01"])], [("a", 2), ("b", 0)], None),
    ([("in3.csv", ["4,v1,1,,2026-01-01"])], [("a", 3)], "between commit and name"),
    ([], [], "before the run is closed"),
    ([("in2.csv", ["2,v3,3,yes,2026-01-01"])], [("b", 3)], "before the commit"),
    ([], [], None),
]


class CutOffError(Exception):
    """The process would have died here."""


def change_sources(archived: Archived, dropped: list[tuple[str, list[str]]], changed: list[tuple[str, int]]) -> None:
    for name, content in dropped:
        archived.drop(name, *content)
    for key, version in changed:
        archived.desk.database(f"delete from customer where id = '{key}'")
        if version:
            archived.desk.database(
                f"insert into customer values ('{key}', 'n{version}', '1380013800{version}', '2026-01-0{version}')"
            )


@contextlib.contextmanager
def cut_off(patch: pytest.MonkeyPatch, cut: str | None):
    """Let the run die where `cut` says."""

    def die(*_: object) -> None:
        raise CutOffError

    if cut is None:
        yield
        return
    with patch.context() as patched:
        if cut == "before the commit":
            after = recording.Archive.after

            def after_then_die(*arguments: object) -> Callable[[], None]:
                after(*arguments)
                raise CutOffError

            patched.setattr(recording.Archive, "after", after_then_die)
        elif cut == "between commit and name":
            patched.setattr(recording, "rename_durably", die)
        else:
            patched.setattr(recording.Archive, "close_run", die)
        # A run that changes nothing is not cut off.
        with contextlib.suppress(CutOffError):
            yield


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=runs, folded=st.integers(0, 5))
@example(history=EVERY_KIND, folded=1)
def test_the_archive_alone_gives_the_same_file(
    make_archived: Callable[[], Archived],
    monkeypatch: pytest.MonkeyPatch,
    history: list[tuple[list[tuple[str, list[str]]], list[tuple[str, int]], str | None]],
    folded: int,
) -> None:
    archived = make_archived()
    lived: list[tuple[datetime, Content]] = []
    for dropped, changed, cut in history:
        change_sources(archived, dropped, changed)
        with cut_off(monkeypatch, cut):
            archived.run()
        if cut is None:
            lived.append((archived.now, content_of(archived.ingest_file)))
    archived.run()
    lived.append((archived.now, content_of(archived.ingest_file)))

    assert not [path for path in archived.parts() if ".draft" in path]
    assert verify(archived.folder, archived.ingest_file) == []
    noted = [path for (path,) in archived.desk.query("select path from raw.archive order by sequence")]
    assert noted == [part.path.relative_to(archived.folder).as_posix() for part in list_parts(archived.folder)]
    for number, (instant, content) in enumerate(lived):
        assert known(archived, f"then{number}", instant) == content

    # Folding changes how far back an instant can be told, and nothing else.
    begin = min(folded, len(lived) - 1)
    before, _ = lived[begin]
    fold(archived.ingest_file, archived.folder, CONTRACT, before)
    assert content_of(archived.ingest_file, without=("raw.archive",)) == {
        name: rows for name, rows in lived[-1][1].items() if name != "raw.archive"
    }
    assert known(archived, "folded", None) == content_of(archived.ingest_file)
    for number, (instant, content) in enumerate(lived[begin:]):
        found = known(archived, f"later{number}", instant)
        assert {**found, "raw.archive": None} == {**content, "raw.archive": None}
    assert verify(archived.folder, archived.ingest_file) == []

    # What was rebuilt goes on: nothing is landed twice, and nothing was forgotten.
    archived.ingest_file.unlink()
    rebuild(archived.folder, archived.ingest_file, CONTRACT)
    parts = archived.parts()
    archived.runs += 1
    archived.open()
    results = [archived.land(feed) for feed in CONTRACT]
    assert [(each.inserted, each.replaced, each.deleted) for each in results] == [(0, 0, 0)] * 2
    assert archived.parts() == parts


def known(archived: Archived, name: str, instant: datetime | None) -> Content:
    """What the archive says was known at an instant."""
    target = archived.desk.root / name / "ingest.duckdb"
    target.parent.mkdir()
    rebuild(archived.folder, target, CONTRACT, known_at=instant)
    return content_of(target)
