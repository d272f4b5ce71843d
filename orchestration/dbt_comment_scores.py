"""A plugin of dbt-duckdb: the function `comment_score(text, language)` of the models that read comments."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import FunctionNullHandling, PythonUDFType

from orchestration.comment_scores import comment_score


def _scores(texts: pa.ChunkedArray, languages: pa.ChunkedArray) -> pa.Array:
    pairs = zip(texts.to_pylist(), languages.to_pylist(), strict=True)
    return pa.array([comment_score(text, language) for text, language in pairs], pa.float64())


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Give the database of `con`, and so all its cursors, the function."""
    con.create_function(
        "comment_score",
        _scores,
        ["varchar", "varchar"],
        "double",
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


class Plugin(BasePlugin):
    """A function belongs to the database: it is made once, for every thread of dbt."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Called after dbt connected, before any model runs."""
        register(conn)
