"""The folder of versions: what is damaged is said and never served, what is pinned stays, what is restored is whole."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from orchestration.build import open_build
from orchestration.cli import main
from orchestration.settings import read_settings
from orchestration.versions import store
from orchestration.versions.inspection import look_at, verify
from orchestration.versions.store import (
    PublishError,
    Version,
    list_versions,
    newest_sound_version,
    pin,
    prune,
    restore,
    roll_back,
    served_version,
    superfluous,
    unpin,
)
from tests.orchestration.versions.small import Cell, Content, publish_small

IDS = ("b1", "b2", "b3", "b4")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four versions, b4 served; copy it before changing anything."""
    folder = tmp_path_factory.mktemp("shelf")
    for number, build_id in enumerate(IDS):
        publish_small(folder, build_id, Content(cells=[Cell("speed", float(number))]))
    return folder / "published"


@pytest.fixture
def published(shelf: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "sample" / "published"
    shutil.copytree(shelf, copied, symlinks=True)
    return copied


@pytest.fixture
def run(published: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line on the copied folder."""
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(published.parents[1]))
    monkeypatch.setenv("AFTERSALES_PROFILE", "sample")

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def file_of(published: Path, build_id: str) -> Path:
    return published / f"warehouse_{build_id}.duckdb"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def change(sql: str) -> Callable[[Path], None]:
    def changed(path: Path) -> None:
        with duckdb.connect(str(path)) as con:
            con.execute(sql)

    return changed


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (truncate, "Error"),
    "scribbled over": (scribble, "Corrupt database file"),
    "empty": (lambda path: path.write_bytes(b""), ""),
    "not a database": (lambda path: path.write_text("a text\n" * 1000), "not a valid DuckDB database file"),
    "a link to nothing": (lambda path: (path.unlink(), path.symlink_to("nowhere")), "cannot be read"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "Error"),
    "without marts": (change("drop schema marts cascade"), "schema marts is missing"),
    "without meta": (change("drop schema meta cascade"), "schema meta is missing"),
    "without meta.tables": (change("drop table meta.tables"), "meta.tables is missing"),
    "without a build": (change("delete from meta.builds"), "meta.builds is empty"),
    "another build's": (change("update meta.builds set build_id = 'b9'"), "holds build b9, not the b4"),
    "never published": (change("update meta.builds set published_at = null"), "never published"),
    "meta of another shape": (change("alter table meta.builds drop column as_of_at"), "as_of_at"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_version_is_said_and_not_served_and_stops_nothing(
    published: Path, run: Callable[..., Result], damage: str, tmp_path: Path
) -> None:
    inflict, said = DAMAGES[damage]
    inflict(file_of(published, "b4"))
    look = look_at(file_of(published, "b4"), "b4")
    assert look.damage
    assert said in look.damage

    listed = run("versions")
    assert listed.exit_code == 0
    lines = listed.stdout.splitlines()
    assert len(lines) == 4
    assert "DAMAGED" in lines[3]
    assert all("DAMAGED" not in line for line in lines[:3])

    refused = run("rollback", "b4")
    assert refused.exit_code == 1
    assert "is damaged" in refused.stderr
    assert run("versions", "verify").exit_code == 1
    assert run("versions", "diff").exit_code == 1
    assert run("summary").exit_code == 1

    warned: list[str] = []
    assert newest_sound_version(published, warned.append) == file_of(published, "b3")
    assert "the served version" in warned[0]

    (tmp_path / "published").symlink_to(published)
    publish_small(tmp_path, "b5")
    assert served_version(published) == file_of(published, "b5")
    assert verify(file_of(published, "b5"), "b5") == []
    with duckdb.connect(str(file_of(published, "b5")), read_only=True) as con:
        assert con.execute("select distinct from_build_id from meta.restatement_counts").fetchall() == [("b3",)]


def test_the_next_build_takes_its_history_from_the_newest_sound_version(published: Path) -> None:
    truncate(file_of(published, "b4"))
    roll_back(published, "b2")
    truncate(file_of(published, "b2"))
    assert newest_sound_version(published, lambda _: None) == file_of(published, "b3")
    for build_id in IDS:
        if file_of(published, build_id).exists():
            truncate(file_of(published, build_id))
    warned: list[str] = []
    assert newest_sound_version(published, warned.append) is None
    assert len(warned) == 4


def test_a_build_opens_though_the_served_version_is_damaged(published: Path) -> None:
    truncate(file_of(published, "b4"))
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("aftersales")
    logger.addHandler(handler)
    settings = read_settings({"AFTERSALES_DATA_DIR": str(published.parents[1]), "AFTERSALES_PROFILE": "sample"})
    try:
        with open_build(settings, "12345678") as build, duckdb.connect(str(build.file), read_only=True) as con:
            history = con.execute("select build_id from meta.builds order by rowid").fetchall()
    finally:
        logger.removeHandler(handler)
    assert [build_id for (build_id,) in history[:-1]] == ["b3"]
    assert any("the served version" in each and "is damaged" in each for each in said)


def test_verify_compares_rows_and_hashes_with_what_was_published(published: Path, run: Callable[..., Result]) -> None:
    assert run("versions", "verify", "--all").stdout.count("whole") == 4
    change("update marts.kpi_values set value = 7")(file_of(published, "b2"))
    change("delete from marts.fct_tickets where ticket_id = 'T1'; create table marts.extra (a int)")(
        file_of(published, "b3")
    )
    change("drop table marts.dim_sites")(file_of(published, "b1"))
    checked = run("versions", "verify", "--all")
    assert checked.exit_code == 1
    assert "b2  DAMAGED: marts.kpi_values: content" in checked.stdout
    assert "b3  DAMAGED: marts.fct_tickets: 2 rows were published, 1 are there" in checked.stdout
    assert "b3  DAMAGED: marts.extra was not published with it" in checked.stdout
    assert "b1  DAMAGED: marts.dim_sites is missing" in checked.stdout
    assert "b4  whole" in checked.stdout
    assert "3 of 4 damaged" in checked.stderr
    refused = run("rollback")
    assert refused.exit_code == 1
    assert "marts.fct_tickets: 2 rows were published" in refused.stderr
    assert served_version(published) == file_of(published, "b4")


def test_hashes_of_another_engine_are_not_compared_and_rows_are(published: Path) -> None:
    path = file_of(published, "b2")
    change("update marts.kpi_values set value = 7; update meta.builds set duckdb_version = 'v9.9.9'")(path)
    said: list[str] = []
    assert verify(path, "b2", said.append) == []
    assert "rows are counted, not hashed" in said[0]
    change("delete from marts.kpi_values")(path)
    assert verify(path, "b2") == ["marts.kpi_values: 1 rows were published, 0 are there"]


def test_a_pinned_version_stays_until_it_is_unpinned(published: Path, run: Callable[..., Result]) -> None:
    assert run("versions", "pin", "b1").exit_code == 0
    assert run("versions", "pin", "b1").exit_code == 0
    assert [v.build_id for v in list_versions(published) if v.is_pinned] == ["b1"]
    assert "pinned" in run("versions").stdout.splitlines()[0]
    dry = run("versions", "prune", "--keep", "1", "--dry-run")
    assert dry.stdout.split() == [
        "would", "delete:", str(file_of(published, "b2")), "would", "delete:", str(file_of(published, "b3"))
    ]  # fmt: skip
    assert len(list_versions(published)) == 4
    assert run("versions", "prune", "--keep", "1").stdout.count("deleted: ") == 2
    assert [v.build_id for v in list_versions(published)] == ["b1", "b4"]
    assert run("versions", "unpin", "b1").exit_code == 0
    assert prune(published, keep=1) == [file_of(published, "b1")]
    assert run("versions", "prune", "--keep", "1").stdout.strip() == "nothing to delete"
    refused = run("versions", "pin", "b9")
    assert refused.exit_code == 1
    assert "no version 'b9'; versions: b4" in refused.stderr


def test_a_publication_keeps_what_is_pinned(published: Path, tmp_path: Path) -> None:
    pin(published, "b2")
    (tmp_path / "published").symlink_to(published)
    publish_small(tmp_path, "b5", keep=1)
    assert [v.build_id for v in list_versions(published)] == ["b2", "b5"]
    unpin(published, "b2")
    assert prune(published, keep=1) == [file_of(published, "b2")]


def test_a_backup_copy_is_verified_and_served_under_its_own_name(
    published: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    backup = tmp_path / "backup" / "warehouse_b1.duckdb"
    backup.parent.mkdir()
    shutil.move(file_of(published, "b1"), backup)
    restored = run("versions", "restore", str(backup))
    assert restored.stdout.strip() == f"now served: {file_of(published, 'b1')}", restored.stderr
    assert served_version(published) == file_of(published, "b1")
    assert backup.exists()
    assert not list(published.glob(".*"))
    assert "is here already" in run("versions", "restore", str(backup)).stderr
    assert run("versions", "restore", "b3").stdout.strip() == f"now served: {file_of(published, 'b3')}"
    assert restore(published, file_of(published, "b2")).build_id == "b2"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (truncate, "is damaged"),
        (lambda path: path.rename(path.with_name("backup.duckdb")), "there is no file"),
        (lambda path: path.with_name(path.name + ".wal").write_text("x"), "was written to after its publication"),
        (change("update marts.kpi_values set value = 7"), "is damaged: marts.kpi_values: content"),
    ],
)
def test_a_backup_that_is_not_whole_is_neither_brought_in_nor_served(
    published: Path, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    backup = Path(shutil.move(file_of(published, "b1"), tmp_path / "warehouse_b1.duckdb"))
    spoil(backup)
    with pytest.raises(PublishError, match=said):
        restore(published, backup)
    assert served_version(published) == file_of(published, "b4")
    assert not file_of(published, "b1").exists()
    assert not list(published.glob(".*"))


def test_a_backup_under_another_name_is_refused(published: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(file_of(published, "b1"), tmp_path / "backup.duckdb"))
    with pytest.raises(PublishError, match="is not named warehouse_<build_id>"):
        restore(published, other)
    renamed = Path(shutil.copy(file_of(published, "b1"), tmp_path / "warehouse_b0.duckdb"))
    with pytest.raises(PublishError, match="holds build b1, not the b0 of its name"):
        restore(published, renamed)


def test_a_backup_restores_an_empty_folder(published: Path, tmp_path: Path) -> None:
    """After the disk was lost, only the backup is there."""
    lost = tmp_path / "new" / "published"
    assert restore(lost, file_of(published, "b2")).is_current
    assert served_version(lost) == file_of(lost, "b2")
    assert verify(file_of(lost, "b2"), "b2") == []


def test_a_served_version_that_is_gone_is_said(published: Path, run: Callable[..., Result]) -> None:
    file_of(published, "b4").unlink()
    listed = run("versions")
    assert listed.exit_code == 0
    assert "the served version is gone" in listed.stderr
    assert run("rollback", "b3").exit_code == 0


@pytest.mark.parametrize(
    "changes",
    [
        lambda published: pin(published, "b1"),
        lambda published: unpin(published, "b1"),
        lambda published: prune(published, keep=1),
        lambda published: roll_back(published, "b2"),
    ],
)
def test_whoever_changes_the_folder_waits_for_whoever_does(
    published: Path, changes: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rollback during a publication must neither lose its link to the cleaning nor be lost itself."""
    monkeypatch.setattr(store, "_demand_sound", lambda *_: None)  # it takes its time, and is not what waits here
    done = threading.Event()

    def changed() -> None:
        changes(published)
        done.set()

    thread = threading.Thread(target=changed)
    with store.hold_folder(published):
        thread.start()
        assert not done.wait(0.3)
    assert done.wait(30)
    thread.join()


def test_nothing_published_is_said(tmp_path: Path) -> None:
    for attempt in (
        lambda: roll_back(tmp_path / "no"),
        lambda: pin(tmp_path / "no", "b1"),
        lambda: prune(tmp_path / "no", keep=1),
    ):
        with pytest.raises(PublishError, match="nothing is published in"):
            attempt()


def test_diff_is_a_table_csv_or_json_of_the_versions_that_were_asked_for(run: Callable[..., Result]) -> None:
    table = run("versions", "diff")
    assert table.stdout.startswith("b3 -> b4\n")
    assert "UNEXPLAINED" in table.stdout
    assert "1 values are UNEXPLAINED" in table.stderr
    assert "schema: the same" in table.stdout
    rows = run("versions", "diff", "b1", "b3", "--format", "csv").stdout.splitlines()
    assert rows[0].startswith("old_version,new_version,kpi_id,period_grain,period_start_date,segment,")
    assert rows[1:] == ["b1,b3,speed,month,2026-05-01,all,all,all,all,all,all,0.0,2.0,2.0,0.9,0.9,unexplained,"]
    assert '"restated_counts": [\n  [\n   "speed",' in run("versions", "diff", "b1", "b3", "--format", "json").stdout
    assert "restated KPI values: none" in run("versions", "diff", "--kpi", "promises").stdout
    assert "restated KPI values: none" in run("versions", "diff", "b4", "b4").stdout
    assert "there is no KPI 'sped'" in run("versions", "diff", "--kpi", "sped").stderr
    assert "0 of 1" not in run("versions", "diff", "--limit", "0").stdout
    assert "no version 'b9'" in run("versions", "diff", "b9").stderr


def test_diff_tells_schema_rows_and_changed_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = Content()
    publish_small(tmp_path, "b1", base)
    sql = "alter table marts.fct_tickets alter life_seconds type varchar; "
    sql += "alter table marts.dim_sites add column city int; "
    sql += "create table marts.fct_calls (call_id int); drop table marts.fct_sla_outcomes"
    publish_small(tmp_path, "b2", base.but(tickets=base.tickets[:1], sql=sql))
    (tmp_path / "sample").mkdir()
    (tmp_path / "published").rename(tmp_path / "sample" / "published")
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERSALES_PROFILE", "sample")
    said = CliRunner().invoke(main, ["versions", "diff"]).stdout
    squeezed = [" ".join(line.split()) for line in said.splitlines()]
    for line in (
        "dim_sites city – INTEGER",
        "fct_calls (table) – table",
        "fct_sla_outcomes (table) table –",
        "fct_tickets life_seconds BIGINT VARCHAR",
        "fct_tickets 2 1 -1",
        "fct_tickets correction 1",
    ):
        assert line in squeezed, said


VERSIONS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12).map(
    lambda marks: [
        Version(f"b{number:02}", Path(f"warehouse_b{number:02}.duckdb"), is_current=served, is_pinned=pinned)
        for number, (served, pinned) in enumerate(marks)
    ]
)


@given(versions=VERSIONS, keep=st.integers(1, 14))
def test_law_pruning_never_takes_the_newest_the_served_or_a_pinned_one(versions: list[Version], keep: int) -> None:
    removed = set(superfluous(versions, keep=keep))
    kept = [version for version in versions if version.path not in removed]
    assert kept[-keep:] == versions[-keep:]
    assert all(version in kept for version in versions if version.is_current or version.is_pinned)
    unmarked = [version for version in kept if not (version.is_current or version.is_pinned)]
    assert all(version in versions[-keep:] for version in unmarked)
    assert superfluous(kept, keep=keep) == []


@given(versions=VERSIONS, keep=st.integers(1, 14))
def test_law_more_pins_take_less(versions: list[Version], keep: int) -> None:
    pinned = [replace(version, is_pinned=True) for version in versions]
    assert superfluous(pinned, keep=keep) == []
