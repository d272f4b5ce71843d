"""A model's SQL as dbt would compile it for DuckDB, on tables of the names that it refers to: no build, no file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
from jinja2 import Environment

PROJECT = Path(__file__).parents[2] / "dbt_project"


class _Adapter:
    """Finds the default implementation of a macro, which is DuckDB's."""

    def __init__(self) -> None:
        self.macros: Any = None

    def dispatch(self, name: str) -> Any:
        return getattr(self.macros, f"default__{name}")


def _listagg(measure: str, separator: str, order_by: str) -> str:
    return f"string_agg({measure}, {separator} {order_by})"


def _environment(tables: Mapping[str, str] | None = None) -> tuple[Environment, str]:
    named = tables or {}
    adapter = _Adapter()
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, no HTML
    environment.globals.update(
        ref=lambda name: named.get(name, name),
        dbt=SimpleNamespace(listagg=_listagg),
        env_var=lambda _name, default: default,
        adapter=adapter,
        **{"return": lambda value: value},
    )
    files = sorted((PROJECT / "macros").rglob("*.sql"))
    texts = [text for path in files if "{% test" not in (text := path.read_text(encoding="utf-8"))]
    macros = "\n".join(texts)
    adapter.macros = environment.from_string(macros).module
    return environment, macros


def model_sql(name: str, **tables: str) -> str:
    """The SQL of the model `name`; its inputs are tables named as the models, or as `tables` says."""
    (path,) = (PROJECT / "models").rglob(f"{name}.sql")
    environment, macros = _environment(tables)
    return environment.from_string(macros + path.read_text(encoding="utf-8")).render()


def expression_sql(expression: str) -> str:
    """The SQL of an expression of macros, such as "great_circle_km('a', 'b', 'c', 'd')"."""
    environment, macros = _environment()
    return environment.from_string(macros + "{{ " + expression + " }}").render().strip()


def run_model(name: str, **inputs: pd.DataFrame) -> pd.DataFrame:
    """Rows of the model `name` on the given inputs; columns named …_date are days."""
    with duckdb.connect() as con:
        for table, frame in inputs.items():
            con.register("frame", frame)
            columns = ", ".join(
                f"cast({column} as date) as {column}" if str(column).endswith("_date") else str(column)
                for column in frame.columns
            )
            con.execute(f"create table {table} as select {columns} from frame")
            con.unregister("frame")
        return con.execute(model_sql(name)).df()
