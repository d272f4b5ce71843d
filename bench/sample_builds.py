"""Builds of the sample company by its own command, each in a folder that is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.sample.generate import DEFAULT_AS_OF, generate
from orchestration.sample.plants import NOTHING, Plant


@contextmanager
def built(
    seed: int, tickets: int, *, world_seed: int | None = None, without: frozenset[Plant] = NOTHING
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Generate a company, build it, and lend its published version, read-only.

    SystemExit with the end of what the build said, where it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder) / "sample"
        generate(
            company / "sources", seed=seed, tickets=tickets, as_of=DEFAULT_AS_OF, world_seed=world_seed, without=without
        )
        environment = {**os.environ, "AFTERSALES_PROFILE": "sample", "AFTERSALES_DATA_DIR": folder}
        command = [str(Path(sys.executable).with_name("aftersales")), "build"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the build of seed {seed} failed:\n{done.stderr[-3000:]}")
        with duckdb.connect(str((company / "published" / "current.duckdb").resolve()), read_only=True) as con:
            yield con
