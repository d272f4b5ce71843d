"""Before a run: is the ingest file whole and the archive's own, and is everything in the archive that should be?"""

# ruff: noqa: S608 - names are quoted by duckdb_files
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.archive.bases import write_base
from orchestration.archive.errors import ArchiveError
from orchestration.archive.layout import Part, draft_of, list_parts, remove, rename_durably
from orchestration.archive.recording import Archive, last_landing, note
from orchestration.archive.replay import note_part
from orchestration.duckdb_files import quote_identifier
from orchestration.engine import connect
from orchestration.extract.contract import Feed

REBUILD = "`aftersales archive rebuild`"


def check_ingest(ingest_file: Path, folder: Path) -> None:
    """Read the whole ingest file; ArchiveError says in words what is wrong with it, and what to do."""
    has_archive = bool(list_parts(folder))
    if not ingest_file.exists():
        if has_archive:
            raise ArchiveError(
                f"{ingest_file} is missing, but {folder} holds what was landed. {REBUILD} makes the file from it; to "
                "land everything anew instead, as far as the sources still have it, set that folder aside"
            )
        return
    problem = find_damage(ingest_file)
    if problem:
        helps = (
            f"{REBUILD} sets it aside and makes it anew from {folder}"
            if has_archive
            else "There is no archive of it; set it aside and run again to land what the sources still have"
        )
        raise ArchiveError(f"{ingest_file} is damaged: {problem}. {helps}")


def find_damage(ingest_file: Path) -> str | None:
    """Read every value of the ingest file; return the engine's words about what it cannot read, None if all is well.

    A file that another process holds is not damaged: the engine's error about that is raised as it is.
    """
    try:
        with connect(ingest_file, read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            ).fetchall()
            for schema, table in tables:
                name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
                con.execute(f"select sum(hash(landed)) from {name} as landed").fetchall()
    except duckdb.Error as error:
        if "lock on file" in str(error):
            raise
        return str(error).splitlines()[0]
    return None


def settle(
    ingest_file: Path, folder: Path, contract: dict[str, Feed], tell: Callable[[str], None] = lambda _: None
) -> None:
    """Bring the archive to what the ingest file says it is, before anything is landed; call it under the build lock.

    A killed run's draft gets its name, what nothing names is deleted, an ingest file without archive gets its first
    base. ArchiveError where the two cannot be brought together. `ingest_file` is prepared.
    """
    _clear_workplaces(folder)
    with connect(ingest_file) as con:
        noted = dict(con.execute("select path, sequence from raw.archive").fetchall())
        _finish_drafts(folder, noted)
        _adopt_base(con, folder)
        noted = dict(con.execute("select path, sequence from raw.archive").fetchall())
        _compare(ingest_file, folder, noted)
        _remove_drafts(folder)
        if not noted:
            _begin(con, folder, contract, tell)
    Archive(folder).close_run(ingest_file)


def _finish_drafts(folder: Path, noted: dict[str, int]) -> None:
    for path, sequence in noted.items():
        final = folder / path
        draft = draft_of(final.parent, sequence)
        if not final.exists() and Part(sequence, final).is_draft_of(draft):
            rename_durably(draft, final)


def _adopt_base(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Go on with a base that was finished, but whose folding was killed before the ingest file knew of it."""
    bases = [part for part in list_parts(folder) if part.is_base]
    if not bases:
        return
    base = bases[-1]
    row = con.execute("select max(sequence) from raw.archive").fetchone()
    last = row[0] if row else None
    if last is None or base.sequence > last:
        return
    adopt(con, folder, base)


def adopt(con: duckdb.DuckDBPyConnection, folder: Path, base: Part) -> None:
    """Let `base` stand for every part up to its own, in raw.archive and on disk. It is read once more before."""
    older = [part for part in list_parts(folder) if part.sequence <= base.sequence and part != base]
    path = base.path.relative_to(folder).as_posix()
    is_noted = con.execute("select 1 from raw.archive where path = ?", [path]).fetchall()
    if is_noted and not older:
        return
    if damage := base.damage():
        raise ArchiveError(f"{damage}. Put it back from your copy of the archive")
    if not is_noted:
        con.begin()
        con.execute("delete from raw.archive where sequence <= ?", [base.sequence])
        note_part(con, folder, base)
        con.commit()
    for part in older:
        remove(part)


def _compare(ingest_file: Path, folder: Path, noted: dict[str, int]) -> None:
    """Hold what lies in the archive against what the ingest file has noted."""
    there = {part.path.relative_to(folder).as_posix(): part for part in list_parts(folder)}
    last = max(noted.values(), default=0)
    beyond = [path for path, part in there.items() if part.sequence > last]
    if beyond:
        raise ArchiveError(
            f"{ingest_file} is older than {folder}: it knows {last} parts of the archive, which has "
            f"{len(beyond)} more (from {beyond[0]}). {REBUILD} --replace sets the file aside and makes it anew"
        )
    missing = sorted(path for path in noted if path not in there)
    if missing:
        raise ArchiveError(
            f"{folder} lacks {len(missing)} parts that {ingest_file} has noted, such as {missing[0]}. Put them back "
            "from your copy of the archive; if there is none, `aftersales archive begin` sets the folder aside and "
            "begins a new archive with what is landed now"
        )
    foreign = sorted(path for path in there if path not in noted)
    if foreign:
        raise ArchiveError(
            f"{folder / foreign[0]} is a part of another ingest file than {ingest_file}; take it out of the archive"
        )


def forget_parts(ingest_file: Path) -> None:
    """Let the ingest file know of no archive, so that the next settling begins one."""
    with connect(ingest_file) as con:
        con.begin()
        con.execute("delete from raw.archive")
        con.execute("update raw.batches set archive_sequence = null")
        con.commit()


def _begin(
    con: duckdb.DuckDBPyConnection, folder: Path, contract: dict[str, Feed], tell: Callable[[str], None]
) -> None:
    """Begin the archive of an ingest file that has landed without one."""
    last = last_landing(con)
    if last is None:
        return
    batch_id, landed_at = last
    con.begin()
    con.execute("update raw.batches set archive_sequence = 1")
    draft, final, header = write_base(con, folder, contract, sequence=1, batch_id=batch_id, landed_at=landed_at)
    note(con, header, final.relative_to(folder), sum(path.stat().st_size for path in draft.iterdir()))
    con.commit()
    rename_durably(draft, final)
    tell(f"the archive begins with what was landed until {landed_at:%Y-%m-%d %H:%M:%S} UTC: {final}")


def _remove_drafts(folder: Path) -> None:
    for draft in folder.glob("*/.*.draft"):
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink()


def _clear_workplaces(folder: Path) -> None:
    for left in folder.glob(".folding-*"):
        shutil.rmtree(left)
