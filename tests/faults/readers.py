"""Readers at work while faults happen; each is a process of its own, as the report is one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.company import Company

# It holds the version it opened, and moves on when the link does. Every read checks that the rows it sees are the rows
# that the version says it has.
_READER = """
import json, os, sys, time
import duckdb
current, stop, pause = sys.argv[1:]
reads, versions, errors, path, con = 0, set(), [], None, None
while not os.path.exists(stop):
    try:
        target = os.path.realpath(current)
        if target != path:
            if con is not None:
                con.close()
            con, path = duckdb.connect(target, read_only=True), target
        found = con.execute("select count(*) from marts.fct_tickets").fetchone()
        said = con.execute("select row_count from meta.tables where table_name = 'fct_tickets'").fetchone()
        if found != said:
            errors.append(f"{target}: {found} rows, {said} said")
        reads += 1
        versions.add(target)
    except Exception as error:
        errors.append(repr(error))
    time.sleep(float(pause))
print(json.dumps({"reads": reads, "versions": len(versions), "errors": errors}))
"""


@dataclass(frozen=True)
class Report:
    """What one reader saw: how many reads, of how many versions, and every error."""

    reads: int
    versions: int
    errors: list[str]


@contextmanager
def reading(company: Company, stop: Path, *, count: int, pause_seconds: float = 0.05) -> Iterator[list[Report]]:
    """`count` readers at work for the block; what they saw is in the list after it. `stop` is a file to be made."""
    reports: list[Report] = []
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, company.current, stop, str(pause_seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        yield reports
    finally:
        stop.touch()
        reports.extend(Report(**json.loads(reader.communicate(timeout=120)[0])) for reader in readers)
