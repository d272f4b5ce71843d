"""What earlier builds' gates found, carried into the file of the next build: meta.gates is the history of each check.

A version that was published holds its own outcomes and those before. A build that failed published nothing, but its
file lies in the folder of builds until the next one begins; its outcomes are taken from there.

Example rows were masked by the profile of their day. They are carried only while profile and code stay what they are:
what has since been marked as personal is not published again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, quote_identifier
from orchestration.engine import connect


def carry_gates(build_file: Path, sources: Iterable[Path], *, keep: int, warn: Callable[[str], None]) -> None:
    """Copy into meta.gates of `build_file`, which has none yet, the rows of the newest `keep` builds of `sources`.

    A build that several sources know is taken from the first of them; a source that is not there knows none. `warn` is
    told of a source that cannot be read; the others still count.
    """
    for source in filter(Path.is_file, sources):
        try:
            _carry(build_file, source)
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            warn(f"what the gates found before is not carried over from {source}: {reason}")
    with connect(build_file) as con:
        con.execute(
            """
            delete from meta.gates
            where build_id not in (
                select distinct build_id from meta.gates order by build_id desc limit $keep
            )
            """,
            {"keep": keep},
        )


def _carry(build_file: Path, source: Path) -> None:
    with connect() as con:
        attach(con, build_file, "build")
        attach(con, source, "source", read_only=True)
        # Files of other releases may lack a column, or have one that we do not know.
        columns = con.execute(
            """
            select column_name from duckdb_columns()
            where database_name in ('build', 'source') and schema_name = 'meta' and table_name = 'gates'
            group by column_name having count(*) = 2 order by column_name
            """
        ).fetchall()
        names = ", ".join(quote_identifier(name) for (name,) in columns)
        con.execute(
            f"""
            insert into build.meta.gates ({names})
            select {names}
            from (
                select * replace (case when $is_masked_alike then example_rows end as example_rows)
                from source.meta.gates
            ) as gates
            where build_id not in (select build_id from build.meta.gates)
            order by build_id, gate, schema_name, table_name, column_name, expectation, message
            """,  # noqa: S608 - names of columns, quoted
            {"is_masked_alike": _masking(con, "source") == _masking(con, "build")},
        )


def _masking(con: duckdb.DuckDBPyConnection, database: str) -> tuple[str, str] | None:
    """What decided which values the build that `database` is of has masked."""
    return con.execute(
        f"""
        select profile_hash, code_version
        from {quote_identifier(database)}.meta.builds
        order by started_at desc, build_id desc limit 1
        """  # noqa: S608 - one of our own names
    ).fetchone()
