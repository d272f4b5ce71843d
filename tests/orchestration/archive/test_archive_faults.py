"""What is missing, cut, changed or too old is named, with what to do; what was killed is made whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.archive import folding
from orchestration.archive.errors import ArchiveError
from orchestration.archive.folding import fold
from orchestration.archive.replay import rebuild
from orchestration.archive.settling import forget_parts
from orchestration.archive.verifying import verify
from orchestration.extract.errors import IngestError
from orchestration.extract.landing import prepare_ingest
from tests.company import ROOT
from tests.orchestration.archive.conftest import CONTRACT, START, Archived, content_of


def lived(archived: Archived, days: int = 3) -> Archived:
    """A company with some runs behind it, of which each lands something."""
    for day in range(days):
        archived.drop(f"in{day}.csv", f"{day},v1,1,,2026-01-01", f"x{day},v1,1,,soon")
        archived.desk.database(f"insert into customer values ('c{day}', 'n', '13800138000', '2026-01-0{day + 1}')")
        archived.run()
    return archived


def part(archived: Archived, sequence: int) -> Path:
    (found,) = archived.folder.glob(f"*/{sequence:08d}*")
    return found


def rebuilt(archived: Archived) -> Path:
    target = archived.desk.root / "again" / "ingest.duckdb"
    target.parent.mkdir()
    rebuild(archived.folder, target, CONTRACT)
    return target


def test_each_landing_that_changes_something_is_one_file_and_a_quiet_run_is_one_for_all(archived: Archived) -> None:
    lived(archived, 1)
    assert [path.split("-")[0] for path in archived.parts()] == ["customers/00000002", "tickets/00000001"]
    archived.run()
    archived.drop("in5.csv", "5,v1,1,,2026-01-01")
    archived.run()
    assert [path.split("-")[0] for path in archived.parts()] == [
        "_runs/00000003",
        "_runs/00000005",
        "customers/00000002",
        "tickets/00000001",
        "tickets/00000004",
    ]
    archived.open()
    archived.open()
    assert len(archived.parts()) == 5


KILLED = """
import sys, time
from orchestration.archive import recording
from tests.orchestration.archive.conftest import Archived
from tests.orchestration.extract.conftest import Desk
from pathlib import Path

def committed(*_):
    print("committed", flush=True)
    time.sleep(60)

recording.rename_durably = committed
archived = object.__new__(Archived)
archived.desk, archived.runs = Desk(Path(sys.argv[1])), int(sys.argv[2])
from tests.orchestration.archive.conftest import FEEDS
archived.desk.feeds = FEEDS
archived.run()
"""


def test_a_run_killed_between_the_commit_and_the_archive_loses_nothing(archived: Archived) -> None:
    lived(archived, 2)
    archived.drop("in9.csv", "9,v1,1,,2026-01-01")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, archived.desk.root, str(archived.runs)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "committed\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert archived.desk.query("select count(*) from raw.tickets where ticket_id = '9'") == [(1,)]
    assert [path for path in archived.parts() if "draft" in path] == ["tickets/.00000005.draft"]
    assert verify(archived.folder, archived.ingest_file) == []  # it is there, and will be named

    archived.runs += 1
    archived.run()
    assert [path for path in archived.parts() if "draft" in path] == []
    assert archived.desk.query("select count(*) from raw.archive where sequence = 5") == [(1,)]
    assert content_of(rebuilt(archived)) == content_of(archived.ingest_file)


def test_a_draft_of_a_landing_that_never_committed_is_deleted(archived: Archived) -> None:
    lived(archived, 1)
    stray = archived.folder / "tickets" / ".00000003.draft"
    shutil.copyfile(part(archived, 1), stray)
    before = content_of(archived.ingest_file)
    archived.open()
    assert not stray.exists()
    assert content_of(archived.ingest_file) == before


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, change])
def test_a_damaged_part_is_named_and_nothing_is_made_of_it(archived: Archived, damage: Callable[[Path], None]) -> None:
    lived(archived)
    path = part(archived, 3)
    damage(path)
    (problem,) = verify(archived.folder, archived.ingest_file)
    assert str(path) in problem
    assert "cut or changed" in problem
    with pytest.raises(ArchiveError, match=f"{path.name} is cut or changed.* copy of the archive"):
        rebuilt(archived)
    assert not (archived.desk.root / "again" / "ingest.duckdb").exists()


def test_a_damaged_file_of_a_base_is_named(archived: Archived) -> None:
    lived(archived)
    base = fold(archived.ingest_file, archived.folder, CONTRACT, archived.now)
    assert base is not None
    cut(base.files[0])
    (problem,) = verify(archived.folder, archived.ingest_file)
    assert str(base.files[0]) in problem
    base.files[0].unlink()
    (problem,) = verify(archived.folder, archived.ingest_file)
    assert f"{base.path} has other files" in problem


def test_a_missing_part_is_named_by_its_sequence_and_the_last_by_the_ingest_file(archived: Archived) -> None:
    lived(archived)
    part(archived, 3).unlink()
    part(archived, 6).unlink()
    gap, third, last = verify(archived.folder, archived.ingest_file)
    assert "lacks 1 of its parts, by sequence: 3." in gap
    assert "00000003-b2" in third
    assert "00000006-b3" in last
    with pytest.raises(ArchiveError, match="by sequence: 3"):
        rebuilt(archived)
    with pytest.raises(
        ArchiveError, match=r"lacks 2 parts .* such as .*; if there is none, `aftersales archive begin`"
    ):
        archived.open()


def test_a_file_under_another_ones_name_is_not_believed(archived: Archived) -> None:
    lived(archived)
    path = part(archived, 3)
    path.rename(path.with_name(path.name.replace("00000003", "00000007")))
    assert any("says that it is part 3" in problem for problem in verify(archived.folder, None))


def test_a_part_of_another_ingest_file_is_refused(archived: Archived) -> None:
    lived(archived)
    path = part(archived, 3)
    stray = path.with_name("00000003-b2-0123456789abcdef.parquet")
    shutil.copyfile(path, stray)
    with pytest.raises(ArchiveError, match=f"{stray.name} is a part of another ingest file"):
        archived.open()
    with pytest.raises(ArchiveError, match="two parts of the sequence 3"):
        rebuilt(archived)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite_head(path: Path) -> None:
    with path.open("rb+") as file:
        file.write(bytes(4096))


@pytest.mark.parametrize("damage", [truncate, overwrite_head, lambda path: os.truncate(path, 0)])
def test_a_damaged_ingest_file_is_told_in_words_with_the_command_that_helps(
    archived: Archived, damage: Callable[[Path], None]
) -> None:
    lived(archived)
    before = content_of(archived.ingest_file)
    damage(archived.ingest_file)
    with pytest.raises(ArchiveError, match=r"ingest.duckdb is damaged: .*`aftersales archive rebuild` sets it aside"):
        archived.open()
    archived.ingest_file.unlink()
    with pytest.raises(ArchiveError, match=r"ingest.duckdb is missing, but .* `aftersales archive rebuild` makes"):
        archived.open()
    rebuild(archived.folder, archived.ingest_file, CONTRACT)
    assert content_of(archived.ingest_file) == before


def test_a_damaged_block_in_the_middle_is_found_before_anything_is_landed(archived: Archived) -> None:
    archived.drop("in1.csv", *(f"{row},{'long text ' * 20}{row},1,,2026-01-01" for row in range(20_000)))
    archived.run()
    size = archived.ingest_file.stat().st_size
    with archived.ingest_file.open("rb+") as file:
        file.seek(size // 2)
        file.write(bytes(200_000))
    with pytest.raises(ArchiveError, match=r"damaged: .*[Cc]orrupt"):
        archived.open()


def test_an_older_copy_of_the_ingest_file_is_refused(archived: Archived) -> None:
    lived(archived, 2)
    copy = shutil.copyfile(archived.ingest_file, archived.desk.root / "copy.duckdb")
    archived.drop("in9.csv", "9,v1,1,,2026-01-01")
    archived.run()
    shutil.copyfile(copy, archived.ingest_file)
    with pytest.raises(ArchiveError, match=r"is older than .* it knows 4 parts of the archive, which has 2 more"):
        archived.open()


def test_an_ingest_file_without_archive_gets_a_base(archived: Archived) -> None:
    lived(archived)
    shutil.rmtree(archived.folder)
    forget_parts(archived.ingest_file)
    archived.open()
    assert [path.split("/")[0] for path in archived.parts()] == ["_base", "_base"]
    assert content_of(rebuilt(archived)) == content_of(archived.ingest_file)
    archived.drop("in9.csv", "9,v1,1,,2026-01-01")
    archived.run()
    shutil.rmtree(archived.desk.root / "again")
    assert content_of(rebuilt(archived)) == content_of(archived.ingest_file)


def test_what_was_known_before_the_archive_begins_cannot_be_told(archived: Archived) -> None:
    lived(archived)
    target = archived.desk.root / "then.duckdb"
    with pytest.raises(ArchiveError, match="begins at 2026-07-01 01:00:00 UTC and cannot tell"):
        rebuild(archived.folder, target, CONTRACT, known_at=START)
    fold(archived.ingest_file, archived.folder, CONTRACT, START + timedelta(hours=3))
    with pytest.raises(ArchiveError, match="begins at 2026-07-01 02:00:00 UTC"):
        rebuild(archived.folder, target, CONTRACT, known_at=START + timedelta(hours=1))
    assert list(archived.desk.root.glob("then*")) == []


@pytest.mark.parametrize("step", ["adopt", "rename_durably"])
def test_a_folding_that_is_killed_drops_nothing_and_the_next_run_ends_it(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    lived(archived)
    before = content_of(archived.ingest_file)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(folding, step, die)
        with pytest.raises(KeyboardInterrupt):
            fold(archived.ingest_file, archived.folder, CONTRACT, archived.now)
    (archived.folder / ".folding-left").mkdir()
    assert content_of(rebuilt(archived), without=("raw.archive",)) == {
        name: rows for name, rows in before.items() if name != "raw.archive"
    }
    archived.open()
    assert verify(archived.folder, archived.ingest_file) == []
    assert len(archived.desk.query("from raw.archive")) == (3 if step == "adopt" else 6)
    assert not list(archived.folder.glob(".*")) + list(archived.folder.glob("*/.*"))
    shutil.rmtree(archived.desk.root / "again")
    assert content_of(rebuilt(archived)) == content_of(archived.ingest_file)


def test_a_column_that_the_contract_lost_is_rebuilt_and_one_that_it_gained_is_empty(archived: Archived) -> None:
    lived(archived)
    customers = CONTRACT["customers"]
    other = replace(
        customers,
        columns=(
            *(column for column in customers.columns if column.name != "phone"),
            replace(customers.column("phone"), name="telephone"),
        ),
    )
    target = archived.desk.root / "other.duckdb"
    rebuild(archived.folder, target, {**CONTRACT, "customers": other})
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("select distinct phone, telephone from raw.customers").fetchall() == [("13800138000", None)]


def test_a_type_that_the_contract_changed_leads_to_a_rebuild_which_casts(archived: Archived) -> None:
    lived(archived)
    customers = CONTRACT["customers"]
    columns = tuple(replace(each, type="bigint") if each.name == "phone" else each for each in customers.columns)
    changed = {**CONTRACT, "customers": replace(customers, columns=columns)}
    with pytest.raises(IngestError, match="`aftersales archive rebuild --replace` does it, and casts"):
        prepare_ingest(archived.ingest_file, changed)
    target = archived.desk.root / "cast.duckdb"
    rebuild(archived.folder, target, changed)
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("select distinct phone from raw.customers").fetchall() == [(13800138000,)]
