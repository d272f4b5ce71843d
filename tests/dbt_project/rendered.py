"""A model's SQL as dbt would compile it for DuckDB, on tables of the names that it refers to: no build, no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import yaml
from jinja2 import Environment

PROJECT = Path(__file__).parents[2] / "dbt_project"
Rows = Sequence[Mapping[str, Any]]


class _Adapter:
    """Finds the default implementation of a macro, which is DuckDB's."""

    def __init__(self) -> None:
        self.macros: Any = None

    def dispatch(self, name: str) -> Any:
        return getattr(self.macros, f"default__{name}")


# What dbt itself brings, as dbt-duckdb says it.
_DBT = SimpleNamespace(
    listagg=lambda measure, separator, order_by: f"string_agg({measure}, {separator} {order_by})",
    datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
    dateadd=lambda part, count, day: f"({day} + to_{part}s(cast({count} as integer)))",
)


@cache
def _settings() -> dict[str, Any]:
    project: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    settings: dict[str, Any] = project["vars"]
    return settings


@cache
def _macros() -> str:
    texts = [path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").rglob("*.sql"))]
    return "\n".join(text for text in texts if "{% test" not in text)


def _rendered(
    text: str,
    ref: Callable[[str], str] = str,
    source: Callable[[str, str], str] = "{}.{}".format,
    time_zone: str | None = None,
) -> str:
    adapter = _Adapter()
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 - SQL, no HTML
    environment.globals.update(
        ref=ref,
        source=source,
        var=lambda name: _settings()[name],
        execute=True,
        env_var=lambda _name, default="": time_zone or default,
        dbt=_DBT,
        adapter=adapter,
        **{"return": lambda value: value},
    )
    adapter.macros = environment.from_string(_macros()).module
    sql: str = environment.from_string(_macros() + text).render()
    return sql


def _text(name: str) -> str:
    (path,) = (PROJECT / "models").rglob(f"{name}.sql")
    return path.read_text(encoding="utf-8")


@cache
def model_sql(name: str, **tables: str) -> str:
    """The SQL of the model `name`; its inputs are tables named as the models, or as `tables` says."""
    return _rendered(_text(name), ref=lambda model: tables.get(model, model))


@cache
def expression_sql(expression: str) -> str:
    """The SQL of an expression of macros, such as "great_circle_km('a', 'b', 'c', 'd')"."""
    return _rendered("{{ " + expression + " }}").strip()


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


def run_models(con: duckdb.DuckDBPyConnection, target: str, tables: Mapping[str, Rows], time_zone: str) -> None:
    """Create the table model_`target`, and those of all models that it needs, from `tables`.

    `tables` are rows by name of a table of the contract; one that is not given is empty.
    """
    if _exists(con, f"model_{target}"):
        return
    sql = _sql_on_contract(target, time_zone)
    for parent in sorted(set(re.findall(r"\bmodel_(\w+)", sql))):
        run_models(con, parent, tables, time_zone)
    for feed in re.findall(r"\bsource_from_(\w+)", sql):
        _create_source(con, feed, tables.get(feed, ()))
    con.execute(f"create table model_{target} as {sql}")


@cache
def _sql_on_contract(name: str, time_zone: str) -> str:
    return _rendered(_text(name), "model_{}".format, lambda _, feed: f"source_from_{feed}", time_zone)


def _create_source(con: duckdb.DuckDBPyConnection, feed: str, rows: Rows) -> None:
    if _exists(con, f"source_from_{feed}"):
        return
    columns = {**_contract()[feed], "_source": "varchar"}
    con.execute(f"create table source_from_{feed} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    if rows:
        frame = pd.DataFrame([{"_source": "test", **row} for row in rows]).astype(object)
        con.register("given", frame.where(frame.notna(), None))
        con.execute(f"insert into source_from_{feed} by name select * from given")
        con.unregister("given")


def _exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return con.execute("select count(*) from duckdb_tables() where table_name = ?", [table]).fetchone() != (0,)


@cache
def _contract() -> dict[str, dict[str, str]]:
    """Type by column of each table that dbt reads."""
    found = {}
    for path in (PROJECT / "models" / "staging").glob("*__sources.yml"):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                found[table["name"]] = {column["name"]: column["data_type"] for column in table["columns"]}
    return found
