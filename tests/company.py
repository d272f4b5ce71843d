"""A company on disk, driven as its engineer would: by the command line, in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, content_of

ROOT = Path(__file__).parents[1]
AFTERSALES = Path(sys.executable).with_name("aftersales")
SHARED_DATA = Path(os.environ.get("AFTERSALES_PUBLIC_DATA") or ROOT.parent / "shared" / "data")


@dataclass(frozen=True)
class Company:
    """A profile and the folder of its run-time files."""

    data_dir: Path
    profile: str = "sample"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.data_dir / Path(self.profile).stem

    @property
    def current(self) -> Path:
        return self.root / "published" / "current.duckdb"

    def unpublish(self, folder: Path) -> Path:
        """Copy the files of the last build into `folder` as they were before it was published; the build file."""
        (scratch,) = (self.root / "build").glob("*/scratch.duckdb")
        shutil.copy(scratch, folder)
        build_file = folder / "build.duckdb"
        shutil.copyfile(self.current.resolve(), build_file)
        return build_file

    @property
    def command_environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERSALES_")}
        own = {
            "AFTERSALES_PROFILE": self.profile,
            "AFTERSALES_DATA_DIR": str(self.data_dir),
            "AFTERSALES_PUBLIC_DATA": str(SHARED_DATA),
        }
        return {**kept, **own, **self.environment}

    def run(self, *arguments: str, expected: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `aftersales ARGUMENTS`; the output is in the assertion when the exit code is not the expected one."""
        done = subprocess.run(
            [AFTERSALES, *arguments],
            env=self.command_environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == expected, f"{arguments} exited {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, *arguments: str, wrapper: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start `aftersales ARGUMENTS`, by another command if there is a `wrapper`, and return at once; its output goes
        to build.log beside the data."""
        with (self.data_dir / "build.log").open("a") as log:
            return subprocess.Popen(
                [*wrapper, AFTERSALES, *arguments],
                env=self.command_environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                text=True,
            )

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query on the served version."""
        with duckdb.connect(str(self.current.resolve()), read_only=True) as con:
            return con.execute(sql, parameters or []).fetchall()

    def ingested(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the landed feeds."""
        with duckdb.connect(str(self.root / "ingest" / "ingest.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def contents(self) -> dict[str, tuple[int, str]]:
        """Row count and content hash of every published mart, but for the verdict of the gates on KPI values, which
        depends on the version before."""
        with duckdb.connect() as con:
            attach(con, self.current.resolve(), "version", read_only=True)
            rows = con.execute(
                "select table_name, row_count, content_hash from version.meta.tables where schema_name = 'marts'"
            ).fetchall()
            found = {table: (count, content) for table, count, content in rows}
            return found | {"kpi_values": content_of(con, "version", "marts", "kpi_values", without=("trust",))}
