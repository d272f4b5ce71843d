"""The SLA models on tables of our own: rendered like dbt renders them, run on DuckDB in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml
from jinja2 import Environment

PROJECT = Path(__file__).parents[3] / "dbt_project"
Rows = Sequence[Mapping[str, Any]]
ZONE = "Asia/Shanghai"


def run_models(con: duckdb.DuckDBPyConnection, target: str, tables: Mapping[str, Rows]) -> None:
    """Create the table model_`target`, and those of all models that it needs, from `tables`.

    `tables` are rows by name of a table of the contract; one that is not given is empty.
    """
    _build(con, target, tables)


def _build(con: duckdb.DuckDBPyConnection, name: str, tables: Mapping[str, Rows]) -> None:
    if _exists(con, f"model_{name}"):
        return
    sql = _rendered(name)
    for parent in sorted(set(re.findall(r"\bmodel_(\w+)", sql))):
        _build(con, parent, tables)
    for feed in re.findall(r"\bsource_from_(\w+)", sql):
        _source(con, feed, tables.get(feed, ()))
    con.execute(f"create table model_{name} as {sql}")


def _source(con: duckdb.DuckDBPyConnection, feed: str, rows: Rows) -> None:
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


@cache
def _rendered(name: str) -> str:
    (path,) = (PROJECT / "models").rglob(f"{name}.sql")
    sql: str = _environment().from_string(_macros() + path.read_text(encoding="utf-8")).render()
    return sql


@cache
def _macros() -> str:
    paths = sorted((PROJECT / "macros").rglob("*.sql"))
    texts = [path.read_text(encoding="utf-8") for path in paths if not path.name.startswith(("test_", "generate_"))]
    # A caller's dispatch finds the macro by its name; here every macro is in one template.
    text = "\n".join(texts)
    return re.sub(r"adapter\.dispatch\('(\w+)'\)", r"default__\1", text)


@cache
def _environment() -> Environment:
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, no page
    environment.globals.update(
        {
            "ref": lambda name: f"model_{name}",
            "source": lambda _, name: f"source_from_{name}",
            "env_var": lambda _, default="": ZONE or default,
            "return": lambda value: value,
        }
    )
    return environment
