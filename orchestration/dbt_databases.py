"""A plugin of dbt-duckdb that opens a build's files.

In the profile their paths would be part of what dbt compares before it reuses a parsed project: every build has its own
paths, and would parse the whole project again. So the profile names the databases, and the plugin says where they are.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from orchestration.duckdb_files import attach_if_absent, scratch_of
from orchestration.lake.address import address_in
from orchestration.lake.connecting import attach_lake


class Plugin(BasePlugin):
    """The databases that dbt writes, which are the build file or the build's lake and the scratch file, and the landed
    feeds, read-only."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Called before dbt connects. KeyError names the variable of the environment that a build sets."""
        build_file = Path(os.environ["AFTERSALES_BUILD_FILE"])
        if creds.is_ducklake:
            creds.path = ":memory:"
            # What does not fit into memory goes where a build file's would, not to wherever dbt was called.
            config["temp_directory"] = str(build_file.with_name("spill"))
        else:
            creds.path = str(build_file)
        if memory := os.environ.get("AFTERSALES_MEMORY"):
            config["memory_limit"] = memory

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Called after dbt connected, before any model runs."""
        if self.creds is not None and self.creds.is_ducklake:
            attach_lake(conn, address_in(os.environ), self.creds.database)
        attach_if_absent(conn, scratch_of(Path(os.environ["AFTERSALES_BUILD_FILE"])), "scratch")
        attach_if_absent(conn, Path(os.environ["AFTERSALES_INGEST_FILE"]), "ingest", read_only=True)
