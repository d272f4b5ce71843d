"""The folder of Data Docs: one site for each build, kept with the versions, and that of a build that failed too.

    data/<profile>/data_docs/<build_id>/index.html
                                       /gate_1/<schema>.<table>.html

A site is a function of the build's rows of meta.gates, so one that is gone can be written again from any file that has
them. It is made under another name and renamed: who finds a site finds all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from expectations.data_docs.site import render_site
from expectations.results import ExpectationOutcome
from orchestration.duckdb_files import fsync_directory, quote_identifier
from orchestration.engine import connect
from orchestration.versions.store import list_versions

_DRAFT = ".draft"


def index_of(data_docs_dir: Path, build_id: str) -> Path:
    """The first page of a build's site, or where it would be."""
    return data_docs_dir / build_id / "index.html"


def write_data_docs(database: Path, build_id: str, data_docs_dir: Path) -> Path | None:
    """Write the site of `build_id` from the rows of meta.gates in `database`, and return its first page.

    A site that is there stays as it is. None where the file has no outcome of that build. Raises OSError or
    duckdb.Error; then there is no site.
    """
    index = index_of(data_docs_dir, build_id)
    if index.is_file():
        return index
    outcomes = _outcomes(database, build_id)
    if not outcomes:
        return None
    draft = data_docs_dir / f".{build_id}{_DRAFT}"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        for path, page in render_site(build_id, outcomes):
            file = draft / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page, encoding="utf-8")
        draft.rename(index.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    fsync_directory(data_docs_dir)
    return index


def prune_data_docs(data_docs_dir: Path, published_dir: Path, *, keep: int) -> list[Path]:
    """Delete all sites but those of the newest `keep` builds, published or not, and of the versions on disk.

    Returns the sites deleted; what a killed process left half-written goes with them.
    """
    versions = {version.build_id for version in list_versions(published_dir)}
    sites = sorted(path for path in data_docs_dir.glob("*") if path.is_dir() and not path.name.startswith("."))
    removed = [site for site in sites[: max(len(sites) - keep, 0)] if site.name not in versions]
    for folder in (*removed, *data_docs_dir.glob(f".*{_DRAFT}")):
        shutil.rmtree(folder)
    return removed


def _outcomes(database: Path, build_id: str) -> Sequence[ExpectationOutcome]:
    columns = ", ".join(quote_identifier(field.name) for field in fields(ExpectationOutcome))
    query = (
        f"select {columns} from meta.gates where build_id = ? "  # noqa: S608 - names of our own class
        "order by gate, schema_name, table_name, column_name nulls first, expectation, message"
    )
    with connect(database, read_only=True) as con:
        return [ExpectationOutcome(*row) for row in con.execute(query, [build_id]).fetchall()]
