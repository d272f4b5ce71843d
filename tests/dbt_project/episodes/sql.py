"""Runs models of the project on worlds of a few rows: their SQL rendered without dbt, on DuckDB in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import yaml
from jinja2 import Environment

PROJECT = Path(__file__).parents[3] / "dbt_project"
VARIABLES: dict[str, int] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
_MACROS = ("settings", "carry_forward", "local_date", "episodes/connected_components")


def render(model: str, variables: Mapping[str, int] = VARIABLES) -> str:
    """The SQL of a model (a path below models/, without ending); a reference reads as the table of that name."""
    env = Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    macros = "\n".join((PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in _MACROS)
    env.globals |= {"return": lambda value: value, "env_var": lambda name, default: default, "execute": True}  # noqa: ARG005
    defined = env.from_string(macros).module
    env.globals |= {
        "adapter": SimpleNamespace(dispatch=lambda name: getattr(defined, f"default__{name}")),
        "ref": lambda name: name,
        "var": lambda name: variables[name],
    }
    text = (PROJECT / "models" / f"{model}.sql").read_text(encoding="utf-8")
    return env.from_string(macros + text).render()


def fill(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    """Make a table of these columns (name → type); a column that a row does not name is null in it."""
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"create or replace table {table} ({declared})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        values = ", ".join(f"({marks})" for _ in rows)
        con.execute(f"insert into {table} values {values}", [row.get(name) for row in rows for name in columns])
