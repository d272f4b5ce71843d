"""The exposures say which published tables each page of the report reads: lineage from a source to a page is whole."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from app.door_requests import REQUESTS
from tests.app.statements import STATEMENTS
from tests.company import ROOT

MANIFEST: dict[str, Any] = json.loads((ROOT / "dbt_project" / "target" / "manifest.json").read_text())
APP = ROOT / "app"
# What every page shows: the filters' choices and the KPI cards.
SHARED = ("scope", "kpis", "components")


def marts_of(statement: str) -> set[str]:
    tables = sqlglot.parse_one(statement, dialect="duckdb").find_all(exp.Table)
    return {table.name for table in tables if table.db == "marts"}


def marts_read_by(module: Path) -> set[str]:
    """Marts of the queries that a module of the report names."""
    named = {
        ast.unparse(node).removeprefix("queries.")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    return {mart for name in named & set(STATEMENTS) for mart in marts_of(STATEMENTS[name])}


def parts_of(page: Path) -> list[Path]:
    """A page and the modules of the report that it draws with."""
    names = {
        alias.name
        for node in ast.walk(ast.parse(page.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "app"
        for alias in node.names
    }
    return [page, *(path for name in sorted(names) if (path := APP / f"{name}.py").exists())]


def test_each_page_is_an_exposure_of_the_marts_it_reads() -> None:
    shared = {mart for name in SHARED for mart in marts_read_by(APP / f"{name}.py")}
    assert shared
    pages = [path for path in (APP / "views").glob("*.py") if path.stem != "__init__"]
    read = {
        f"report_{page.stem}": shared | {mart for part in parts_of(page) for mart in marts_read_by(part)}
        for page in pages
    }
    # Its rows come by requests, through a module of its own.
    requested = {mart for request in REQUESTS.values() for mart in marts_of(request)}
    read["report_indicators"] |= marts_read_by(APP / "behind.py") | requested
    declared = {
        exposure["name"]: {MANIFEST["nodes"][node]["name"] for node in exposure["depends_on"]["nodes"]}
        for exposure in MANIFEST["exposures"].values()
        if exposure["name"].startswith("report_")
    }
    assert declared == read


def test_an_exposure_reads_published_marts_alone() -> None:
    exposures = list(MANIFEST["exposures"].values())
    assert exposures
    for exposure in exposures:
        schemas = {MANIFEST["nodes"][node]["schema"] for node in exposure["depends_on"]["nodes"]}
        assert schemas == {"marts"}, exposure["name"]
        assert exposure["description"]
