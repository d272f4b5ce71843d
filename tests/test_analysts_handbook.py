"""Every statement, command and program of docs/analysts.md runs on a published version, as it is printed there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.company import ROOT, Company

PAGE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
STATEMENTS = [text for kind, text in BLOCKS if kind == "sql"]
COMMANDS = [text for kind, text in BLOCKS if kind == "sh"]
PROGRAMS = [text for kind, text in BLOCKS if kind == "python"]


@pytest.fixture
def folder(sample_company: Company, tmp_path: Path) -> Path:
    """A folder that looks like the project's to whoever stands in it."""
    (tmp_path / "data").symlink_to(sample_company.data_dir)
    return tmp_path


def run(*arguments: str, cwd: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        arguments, cwd=cwd, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_has_blocks_of_known_kinds() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sql", "sh", "python"}
    assert len(STATEMENTS) > 7


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_finds_rows(sql: str, sample_company: Company) -> None:
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as con:
        rows = con.execute(sql).fetchall()
    # Nothing of the sample company is in doubt.
    assert bool(rows) != ("kpi_trust" in sql)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_or_writes_rows(command: str, folder: Path) -> None:
    printed = run("sh", "-ec", command, cwd=folder)
    if "> csat.csv" in command:
        head, *rows = (folder / "csat.csv").read_text(encoding="utf-8").splitlines()
        assert head == "period_start_date,value,numerator,denominator"
        assert len(rows) > 12
    else:
        assert "kpi_id" in printed


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_runs(program: str, folder: Path) -> None:
    assert run(sys.executable, "-c", program, cwd=folder)
