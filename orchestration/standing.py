"""Whether the served version is what a build would make again: then it stands, and nothing is modelled."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach
from orchestration.engine import connect

# What a version depends on, and what it tells of its inputs. How often the same rows were delivered again, or rejected
# again, and when, is no news; another rejected row or a notice is.
_SAID_OF_INPUTS = {
    "settings": "company_name_en, company_name_zh, time_zone, currency, as_of_at",
    "feeds": "feed, is_connected, sources, row_count",
    "rejects_summary": "feed, source, column_name, reason_kind, row_count",
    "notices": "feed, source, kind, place, column_name, message",
}
_BUILD = "as_of_at, code_version, code_fingerprint, profile_name, profile_hash, input_fingerprint, duckdb_version"


def says_the_same(build_file: Path, build_id: str, version: Path, version_id: str) -> bool:
    """Whether `build_file`, whose inputs are written, and the published `version` are built from the same.

    The same as-of, inputs, profile, code and engines; the same rejects and notices. False for a version that was
    published before all of this was written down.
    """
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, version, "version", read_only=True)
        try:
            found = con.execute(
                f"select {_BUILD} from build.meta.builds where build_id = $build "  # noqa: S608 - our own names
                f"intersect select {_BUILD} from version.meta.builds where build_id = $version "
                "and code_fingerprint is not null and input_fingerprint is not null",
                {"build": build_id, "version": version_id},
            ).fetchall()
            return bool(found) and not any(_differs(con, table, names) for table, names in _SAID_OF_INPUTS.items())
        except duckdb.BinderException:
            return False


def _differs(con: duckdb.DuckDBPyConnection, table: str, names: str) -> bool:
    ours, theirs = (f"select {names} from {database}.meta.{table}" for database in ("build", "version"))  # noqa: S608
    return bool(con.execute(f"({ours} except all {theirs}) union all ({theirs} except all {ours}) limit 1").fetchall())
