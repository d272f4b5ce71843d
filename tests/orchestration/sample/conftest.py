"""One small sample company for all tests of the generator, and ways to read what it delivers."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from orchestration.sample.generate import DEFAULT_AS_OF, SampleSummary, generate

TICKETS = 1_500


@dataclass(frozen=True)
class Delivered:
    """The sources of a generated company."""

    summary: SampleSummary

    @property
    def folder(self) -> Path:
        return self.summary.target

    @cached_property
    def truth(self) -> dict[str, Any]:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the CRM."""
        con = sqlite3.connect(f"file:{self.folder / 'crm.sqlite'}?mode=ro", uri=True)
        try:
            return con.execute(sql, parameters).fetchall()
        finally:
            con.close()

    def csv_rows(self, pattern: str) -> Iterator[dict[str, str]]:
        """Rows of all CSV files that match, in the order of their names; broken lines are left out."""
        for path in sorted(self.folder.glob(pattern)):
            with path.open(encoding="utf-8", newline="") as file:
                yield from (row for row in csv.DictReader(file) if None not in row.values())

    def json_rows(self, pattern: str) -> Iterator[dict[str, Any]]:
        """Objects of all NDJSON files that match; broken lines are left out."""
        for path in sorted(self.folder.glob(pattern)):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.endswith("}"):
                    yield json.loads(line)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """The default company at the size of the tests."""
    folder = tmp_path_factory.mktemp("company") / "sources"
    return Delivered(generate(folder, tickets=TICKETS, as_of=DEFAULT_AS_OF))
