"""A plugin of dbt-duckdb: gives each of dbt's connections the key of pseudonyms, without writing it into any SQL."""

from __future__ import annotations

import os
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.extract.pseudonyms import key_halves, read_salt

PRIVACY_VARIABLE = "AFTERSALES_PRIVACY"


class Plugin(BasePlugin):
    """Sets the variables that the macro `pseudonym` reads, where the models hash anything."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002 - the salt is no configuration
        """SaltError if values are to be hashed and there is no salt."""
        hashes = "=hashed" in os.environ.get(PRIVACY_VARIABLE, "")
        self._variables = key_halves(read_salt(os.environ)) if hashes else {}

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Variables belong to a connection, and each thread of dbt has its own."""
        for name, value in self._variables.items():
            cursor.execute(f"set variable {name} = ?", [value])
