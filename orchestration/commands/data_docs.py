"""`aftersales data-docs`: where the pages are that say what the gates of a build found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import duckdb

from orchestration.commands.failing import Failed
from orchestration.data_docs import index_of, write_data_docs
from orchestration.settings import Settings
from orchestration.versions.store import served_version
from orchestration.workspace import Workspace


@click.command("data-docs")
@click.argument("build_id", required=False)
@click.pass_obj
def data_docs(obj: tuple[Settings, Workspace], build_id: str | None) -> None:
    """Print the first page of what the gates of BUILD_ID found; default: the newest that has pages.

    Pages that are gone are written again, as far back as the served version remembers.
    """
    workspace = obj[1]
    wanted = build_id or _newest(workspace.data_docs_dir)
    if wanted is None:
        raise Failed(f"no Data Docs in {workspace.data_docs_dir}; run `aftersales build`, or name a build")
    index = index_of(workspace.data_docs_dir, wanted)
    click.echo(index if index.is_file() else _written_again(workspace, wanted))


def _newest(data_docs_dir: Path) -> str | None:
    return max((path.parent.name for path in data_docs_dir.glob("*/index.html")), default=None)


def _written_again(workspace: Workspace, build_id: str) -> Path:
    problems = []
    for database in _remembering(workspace):
        try:
            index = write_data_docs(database, build_id, workspace.data_docs_dir)
        except (duckdb.Error, OSError) as error:
            problems.append(f"{database}: {error}")
            continue
        if index is not None:
            return index
    unknown = f"no outcomes of build {build_id!r} are known; `aftersales versions` lists what was published"
    raise Failed("; ".join([unknown, *problems]))


def _remembering(workspace: Workspace) -> Iterator[Path]:
    served = served_version(workspace.published_dir)
    if served is not None and served.is_file():
        yield served
    yield from workspace.builds_dir.glob("*/build.duckdb")
