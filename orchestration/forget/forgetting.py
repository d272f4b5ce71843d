"""Forgetting one customer everywhere: made ready beside what is there, proved to be clean, then switched to."""

# ruff: noqa: S608 - names come from files' own tables, all quoted; values are variables
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.layout import list_parts
from orchestration.archive.settling import check_ingest, settle
from orchestration.duckdb_files import attach, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.extract.landing import prepare_ingest
from orchestration.extract.pseudonyms import pseudonym_of
from orchestration.extract.suppression import REGISTER, forms_of
from orchestration.forget.erasing import Erasure, tells_person
from orchestration.forget.errors import ForgetError
from orchestration.forget.journal import STAGING, Step, begin, commit, finish
from orchestration.forget.landed import columns_of, copy_ingest, copy_parts, steps_of_parts
from orchestration.forget.person import Person, find_person
from orchestration.forget.published import scrub_versions, steps_of_versions
from orchestration.forget.register import Register
from orchestration.forget.traces import scrub_texts
from orchestration.versions.store import hold_folder, remove_drafts
from orchestration.workspace import Workspace


@dataclass(frozen=True)
class Forgotten:
    """What was done, or would be: by table, file or folder the rows and texts that lost the person.

    `is_new` says that the person had not been forgotten before.
    """

    request: str
    is_new: bool
    pseudonym: str
    counts: Mapping[str, int]
    removed: tuple[str, ...]


def forget(  # noqa: PLR0913 - each is the caller's own choice
    workspace: Workspace,
    contract: dict[str, Feed],
    customer_id: str,
    *,
    salt: bytes | None,
    reason: str | None,
    forgotten_at: datetime,
    is_dry: bool,
    discards_set_aside: bool,
    tell: Callable[[str], None] = lambda _: None,
) -> Forgotten:
    """Forget a customer; call it under the build lock. `customer_id` is the number as landed.

    `salt` is that of published pseudonyms, None where keys are published as they are. `is_dry` changes nothing. What
    was set aside is in the way unless it is to be discarded. ForgetError says what stands in the way.
    """
    root = workspace.root
    if finish(root, workspace.published_dir):
        tell("an act of forgetting that was killed is finished")
    set_aside = _set_aside(workspace)
    if set_aside and not (discards_set_aside or is_dry):
        raise ForgetError(
            "these were set aside, and may hold the person; they cannot be told from damaged: "
            f"{', '.join(str(path) for path in set_aside)}. Move them where they are guarded, or run again with "
            "--discard-set-aside, which deletes them"
        )
    if not workspace.ingest_file.exists():
        raise ForgetError(
            f"{workspace.ingest_file} is missing: `aftersales archive rebuild` or `aftersales build` first"
        )
    check_ingest(workspace.ingest_file, workspace.archive_dir)
    prepare_ingest(workspace.ingest_file, contract)
    settle(workspace.ingest_file, workspace.archive_dir, contract, tell)
    register = Register(workspace.forgotten_dir)
    request = register.of(customer_id)
    staging = begin(root)
    counts: Counter[str] = Counter()
    with connect() as con:
        con.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        attach(con, workspace.ingest_file, "ingest", read_only=True)
        person = find_person(con, customer_id, request.pseudonym, contract, workspace.archive_dir)
        if reason and person.is_told_in(reason):
            raise ForgetError("the reason tells who it is, and it is kept; say it without")
        erasure = Erasure(con, person, contract, register.key())
        parts, rows = copy_parts(con, erasure, workspace.archive_dir, staging / "archive")
        counts["archive"] = rows
        counts.update(copy_ingest(con, erasure, staging / "ingest.duckdb", parts))
        con.execute("detach ingest")
        _demand_clean(con, staging, workspace.archive_dir, parts)
    persons = _as_published(person, salt)
    if workspace.published_dir.exists():
        with hold_folder(workspace.published_dir):
            remove_drafts(workspace.published_dir)
    versions = scrub_versions(
        workspace.published_dir,
        staging / "published",
        persons,
        contract,
        request=request.request,
        forgotten_at=forgotten_at,
    )
    for each in versions:
        counts[f"published/{each.old.path.name}"] = sum(each.counts.values())
    counts.update(scrub_texts(root, persons, is_dry=is_dry))
    removed = [path for path in (workspace.builds_dir, root / "restated") if path.exists()]
    removed += [*set_aside, *_scratch(workspace)]
    counts = Counter({name: count for name, count in counts.items() if count})
    done = Forgotten(
        request.request,
        not request.acts,
        request.pseudonym,
        dict(counts),
        tuple(path.relative_to(root).as_posix() for path in removed),
    )
    if is_dry or not (counts or (request.acts and removed)):
        finish(root, workspace.published_dir)
        return done
    traces = [*forms_of(customer_id), *person.traces]
    register.write(staging / REGISTER, request, traces, at=forgotten_at, reason=reason, counts=counts)
    name = {path: path.relative_to(root).as_posix() for path in (workspace.archive_dir, workspace.ingest_file)}
    ingest = name[workspace.ingest_file]
    commit(
        root,
        [
            # First, so that whatever is landed from here on is landed without the person.
            Step("move", f"{workspace.forgotten_dir.name}/{REGISTER}", f"{STAGING}/{REGISTER}"),
            Step("delete", f"{ingest}.wal"),
            Step("move", ingest, f"{STAGING}/ingest.duckdb"),
            *steps_of_parts(parts, name[workspace.archive_dir], f"{STAGING}/archive"),
            *steps_of_versions(versions, root, workspace.published_dir),
            *(Step("delete", path) for path in done.removed),
        ],
    )
    finish(root, workspace.published_dir)
    return done


def _set_aside(workspace: Workspace) -> list[Path]:
    return sorted([*workspace.ingest_file.parent.glob("set_aside_*"), *workspace.root.glob("archive_set_aside_*")])


def _scratch(workspace: Workspace) -> list[Path]:
    """What a killed run left beside the ingest file."""
    kept = {workspace.ingest_file, workspace.ingest_file.with_name(f"{workspace.ingest_file.name}.wal")}
    return sorted(
        path
        for path in workspace.ingest_file.parent.iterdir()
        if path not in kept and not path.name.startswith("set_aside_")
    )


def _as_published(person: Person, salt: bytes | None) -> list[Person]:
    """The person as landed, and as published where keys are hashed."""
    if salt is None:
        return [person]
    hashed, pseudonym = (pseudonym_of(salt, number) for number in (person.customer_id, person.pseudonym))
    return [person, replace(person, customer_id=hashed, pseudonym=pseudonym)]


def _demand_clean(
    con: duckdb.DuckDBPyConnection, staging: Path, archive: Path, parts: Mapping[str, tuple[str, int]]
) -> None:
    """ForgetError where the person is left in what was made or in another part: in a column that has no class."""
    left: list[str] = []
    attach(con, staging / "ingest.duckdb", "made", read_only=True)
    tables = con.execute("select schema_name, table_name from duckdb_tables() where database_name = 'made'").fetchall()
    for schema, table in sorted(tables):
        left += _left(con, f"made.{quote_identifier(schema)}.{quote_identifier(table)}", f"{schema}.{table}")
    con.execute("detach made")
    files = [path for new, _ in parts.values() for path in _files(staging / "archive" / new)]
    files += [
        path
        for part in list_parts(archive)
        if part.path.relative_to(archive).as_posix() not in parts
        for path in part.files
    ]
    for path in files:
        source = f"read_parquet({quote_literal(str(path))})"
        for column in columns_of(con, source):
            if column.type.startswith("STRUCT"):
                left += _left(con, f"(select unnest({quote_identifier(column.name)}) from {source})", path.name)
    if left:
        raise ForgetError(
            "the customer's number stands in columns that are not known to be about customers:\n  "
            + "\n  ".join(left)
            + "\nNothing was changed. Map those columns without it in the profile, land them anew, and run again"
        )


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.iterdir())


def _left(con: duckdb.DuckDBPyConnection, relation: str, place: str) -> Iterator[str]:
    for column in columns_of(con, relation):
        if column.type == "VARCHAR":
            name = quote_identifier(column.name)
            condition = f"regexp_matches({name}, getvariable('forget_numbers'))"
        elif column.type == "VARCHAR[]":
            condition = tells_person(f"array_to_string({quote_identifier(column.name)}, ' ')")
        else:
            continue
        ((count,),) = con.execute(f"select count(*) from {relation} where {condition}").fetchall()
        if count:
            yield f"{place}.{column.name}: {count:,} rows"
