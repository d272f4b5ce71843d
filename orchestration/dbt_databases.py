"""A plugin of dbt-duckdb that opens a build's files.

In the profile their paths would be part of what dbt compares before it reuses a parsed project: every build has its own
paths, and would parse the whole project again. So the profile names the databases, and the plugin says where they are.
"""

from __future__ import annotations

import os
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from orchestration.duckdb_files import quote_literal


class Plugin(BasePlugin):
    """The build file as the database that dbt writes, and the landed feeds beside it, read-only."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Called before dbt connects. KeyError names the variable of the environment that a build sets."""
        creds.path = os.environ["AFTERSALES_BUILD_FILE"]
        if memory := os.environ.get("AFTERSALES_MEMORY"):
            config["memory_limit"] = memory

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Called after dbt connected, before any model runs."""
        ingest_file = os.environ["AFTERSALES_INGEST_FILE"]
        conn.execute(f"attach if not exists {quote_literal(ingest_file)} as ingest (read_only)")
