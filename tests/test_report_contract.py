"""The report reads public marts and meta, only columns that exist, and computes no metric."""

from __future__ import annotations

import re

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from app.door_requests import REQUESTS
from app.words import WORDS
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.duckdb_files import quote_identifier
from orchestration.instants import now
from orchestration.manifest import models_in, read_manifest
from orchestration.versions.restatements import record_restatements
from tests.app.statements import STATEMENTS
from tests.company import ROOT

# information_schema tells what a version has.
PUBLIC = {"marts", "meta", "information_schema"}
# Distinct, counting rows and choosing the first of them is finding; the rest would be computing.
COMPUTING = (exp.Sum, exp.Avg, exp.Median, exp.Quantile, exp.PercentileCont, exp.Stddev, exp.Div)


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """An empty file with every published table, as the dbt contracts and the build declare them."""
    path = tmp_path_factory.mktemp("interface") / "interface.duckdb"
    record = BuildRecord("b", now(), now(), "1", "code", "sample", "hash")
    create_build_file(path, record, CompanyRecord("", "", "UTC", "EUR"), previous=None)
    record_restatements(path, None, pytest.fail)
    con = duckdb.connect(str(path))
    con.execute(
        "create table meta.tables (schema_name varchar, table_name varchar, row_count bigint, content_hash varchar)"
    )
    con.execute(
        "create table meta.kpi_columns (kpi_id varchar, schema_name varchar, table_name varchar, "
        "column_name varchar, split_by varchar)"
    )
    con.execute("create schema marts")
    for node in models_in(read_manifest(), "marts"):
        columns = ", ".join(f"{quote_identifier(c['name'])} {c['data_type']}" for c in node["columns"].values())
        con.execute(f"create table marts.{quote_identifier(node['name'])} ({columns})")
    return con


def _kinds(pattern: str) -> set[str]:
    """What the extraction's code calls the notices or reasons that `pattern` finds."""
    files = (ROOT / "orchestration" / "extract").rglob("*.py")
    return {kind for file in files for kind in re.findall(pattern, file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("group", "pattern", "example"),
    [
        ("notice", r'Notice\(\s*(?:kind=)?"(\w+)"', "new_column"),
        ("reason", r'(?:problem|problem_struct)\((?:[^"()]*, )?"(\w+)",', "cast"),
    ],
)
def test_whatever_the_extraction_finds_has_a_name_in_both_languages(group: str, pattern: str, example: str) -> None:
    kinds = _kinds(pattern)
    assert example in kinds
    assert {kind for kind in kinds if f"{group}.{kind}" not in WORDS} == set()


def test_the_report_has_statements() -> None:
    assert len(STATEMENTS) > 10


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_reads_public_tables_and_existing_columns(name: str, interface: duckdb.DuckDBPyConnection) -> None:
    tree = sqlglot.parse_one(STATEMENTS[name], dialect="duckdb")
    assert isinstance(tree, exp.Query)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    read = {table.db for table in tree.find_all(exp.Table) if table.name not in own}
    assert read <= PUBLIC
    parameters = len(list(tree.find_all(exp.Placeholder)))
    interface.execute(STATEMENTS[name], [None] * parameters).fetchall()


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_computes_no_metric(name: str) -> None:
    tree = sqlglot.parse_one(STATEMENTS[name], dialect="duckdb")
    assert [node.sql() for node in tree.find_all(*COMPUTING)] == []


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_reads_public_tables_and_computes_no_metric(name: str, interface: duckdb.DuckDBPyConnection) -> None:
    tree = sqlglot.parse_one(REQUESTS[name], dialect="duckdb")
    assert {table.db for table in tree.find_all(exp.Table)} <= PUBLIC
    assert [node.sql() for node in tree.find_all(*COMPUTING)] == []
    parameters = dict.fromkeys(re.findall(r"\$(\w+)", REQUESTS[name]))
    interface.execute(REQUESTS[name], parameters).fetchall()


def test_each_published_kind_of_subject_can_be_asked_for() -> None:
    """What dim_kpi_subjects says is worth showing is what the door lets through of it, and is named in words."""
    model = (ROOT / "dbt_project/models/marts/dimensions/dim_kpi_subjects.sql").read_text(encoding="utf-8")
    kinds = re.findall(r"'(\w+)': \('(\w+)', \"(.+?)\", '([\w ]+)'\)", model)
    assert len(kinds) > 15
    for kind, table, key, columns in kinds:
        tree = sqlglot.parse_one(REQUESTS[kind], dialect="duckdb")
        assert [found.name for found in tree.find_all(exp.Table)] == [table]
        assert tree.named_selects == ["subject_id", *columns.split()], kind
        told = sqlglot.parse_one(key.replace("''", "'"), dialect="duckdb")
        assert tree.selects[0].unalias() == told, kind
        assert {f"subject_column.{column}" for column in columns.split()} <= set(WORDS)
    unpublished = re.findall(r"'(\w+)': \(none, none, none\)", model)
    assert all(f"subject_kind.{kind}" in WORDS for kind in [*unpublished, *(kind for kind, *_ in kinds)])


def test_every_reason_of_an_item_has_words() -> None:
    """Whatever the items models call a rule that leaves something out."""
    folder = ROOT / "dbt_project/models/intermediate"
    files = [*folder.glob("kpis/int_kpi_*items.sql"), folder / "kpis/int_kpi_ticket_clocks.sql"]
    states = {
        reason
        for file in files
        for reason in re.findall(r"then '([a-z_]+)'|else '([a-z_]+)'", file.read_text(encoding="utf-8"))
        for reason in reason
        if reason
    }
    other = {"censored", "counted", "immature", "event", "open", "resolved", "city"} | {
        "customer", "episode", "promise", "ticket", "visit", "ticket_costs", "visit_costs", "site_costs", "unknown",
        "answered",
    }  # fmt: skip
    assert {reason for reason in states - other if f"item_reason.{reason}" not in WORDS} == set()
