"""The data door: no SQL of a limited session reaches a row, a name or a number that its limits leave out.

The strongest form is that of `test_nothing_of_other_sites_matters`: whatever happens to the rest of a published file, a
site manager's session holds the same rows. The same is asked of a real build in tests/test_report_access.py.
"""

from __future__ import annotations

import ast
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlglot
from sqlglot import exp

from app import door, queries
from app.door import EVERYTHING, Answerable, Limits
from app.door_requests import REQUESTS
from app.warehouse import Warehouse, open_warehouse
from tests.app.published import SITES
from tests.app.published_items import KPI
from tests.app.statements import STATEMENTS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
MANAGER = Limits(("s2",), sees_people=True)
EXECUTIVE = Limits(None, sees_people=False)
# What is the same for every site, or says of the version what it is: seen by everybody, by design.
OF_NO_SITE = {
    "meta.settings", "meta.builds", "meta.restated_from", "marts.dim_kpis", "marts.dim_kpi_subjects",
    "marts.dim_scorecard_weights", "marts.dim_reference_values", "marts.agg_risk_models",
}  # fmt: skip
# Company-wide comparison values within a person's own row: by design.
COMPARED_WITH_COMPANY = {
    "expected_value", "adjusted_value", "adjusted_low", "adjusted_high", "comparison", "rank_low", "rank_high",
    "ranked_count", "total_rank_low", "total_rank_high", "total_ranked_count", "target",
}  # fmt: skip


def tables_of(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Every table and view that a session can name, with its schema."""
    found = con.execute(
        "select database_name, schema_name, table_name from duckdb_tables() where not internal "
        "union all select database_name, schema_name, view_name from duckdb_views() where not internal"
    ).fetchall()
    assert len({database for database, _, _ in found}) == 1
    return {f"{schema}.{table}" for _, schema, table in found}


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a session can name."""
    return {
        table: sorted(con.execute(f"select * from {table}").fetchall(), key=repr) for table in sorted(tables_of(con))
    }


# Of these the report shows some rows only.
SHOWN_ONE_BY_ONE = {
    "marts.fct_sla_outcomes": "is_running",
    "marts.fct_tickets": "ticket_id in (select ticket_id from marts.fct_sla_outcomes where is_running)",
    "marts.fct_survey_answers": "comment is not null",
}


def strip_to_one_site(path: Path, site: str) -> None:
    """Take from a published file everything that is not of `site`, nor of no site by design."""
    with duckdb.connect(str(path)) as con:
        for table in tables_of(con) - OF_NO_SITE:
            columns = {row[0] for row in con.execute(f"describe {table}").fetchall()}
            if table == "meta.feeds":
                con.execute("update meta.feeds set row_count = 7, delivered_count = 7, rejected_count = 7")
            elif "site_id" in columns:
                con.execute(f"delete from {table} where site_id is distinct from ?", [site])
            else:
                con.execute(f"delete from {table}")


@pytest.mark.parametrize("site", ["s2", "s4"])
def test_nothing_of_other_sites_matters(site: str, full_file: Path, tmp_path: Path) -> None:
    stripped = Path(shutil.copy(full_file, tmp_path / "warehouse_stripped.duckdb"))
    strip_to_one_site(stripped, site)
    with door.connect(str(full_file), Limits((site,))) as whole, door.connect(str(stripped), Limits((site,))) as rest:
        seen = contents(whole)
        assert seen == contents(rest)
    filled = {table for table, rows in seen.items() if rows}
    assert {"marts.kpi_values", "marts.fct_sla_outcomes", "marts.agg_technician_scorecards"} <= filled


def test_a_manager_of_two_sites_sees_both_and_no_third(full_file: Path) -> None:
    with door.connect(str(full_file), Limits(("s1", "s3"))) as con:
        for table in tables_of(con):
            columns = {row[0] for row in con.execute(f"describe {table}").fetchall()}
            if "site_id" in columns:
                sites = {row[0] for row in con.execute(f"select distinct site_id from {table}").fetchall()}
                # What was declared of the whole company explains a site's numbers too; of many sites nothing was.
                if table == "marts.dim_kpi_events":
                    assert sites <= {"s1", "s3", None}
                else:
                    assert sites == {"s1", "s3"}, table


def test_nobody_is_granted_the_rows_of_the_company(full_file: Path) -> None:
    with door.connect(str(full_file), MANAGER) as con:
        assert con.execute("select count(*) from marts.kpi_values where segment not like 'site%'").fetchone() == (0,)
        assert con.execute("select count(*) from marts.kpi_values where site_id = 'all'").fetchone() == (0,)


@pytest.mark.parametrize("limits", [MANAGER, EXECUTIVE])
def test_the_way_to_the_file_is_closed_for_good(limits: Limits, full_file: Path, tmp_path: Path) -> None:
    named = Path(shutil.copy(full_file, tmp_path / "warehouse_o'hara.duckdb"))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with door.connect(str(named), limits) as con:
        databases = {name for (name,) in con.execute("select database_name from duckdb_databases()").fetchall()}
        assert databases == {"memory", "system", "temp"}
        for statement in (
            f"attach '{str(named).replace(chr(39), chr(39) * 2)}' as again (read_only)",
            f"select * from read_csv('{other}')",
            f"copy (select 1) to '{tmp_path / 'out.csv'}'",
            "set enable_external_access = true",
            "set lock_configuration = false",
        ):
            with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
                con.execute(statement)


@pytest.mark.parametrize("limits", [MANAGER, EXECUTIVE])
def test_every_mart_is_let_through_by_decision_alone(limits: Limits, full_file: Path) -> None:
    """A mart that nobody decided about is not there at all, and one that is has no column beyond those decided."""
    with duckdb.connect(str(full_file), read_only=True) as file:
        published = tables_of(file)
    with door.connect(str(full_file), limits) as con:
        assert tables_of(con) == set(door.STATEMENTS)
        for table in published - set(door.STATEMENTS):
            with pytest.raises(duckdb.CatalogException):
                con.execute(f"select * from {table}")
    assert len(published) > len(door.STATEMENTS) + 10


def test_the_door_lets_through_what_the_report_reads_and_no_more() -> None:
    read: dict[str, set[str]] = {}
    for sql in STATEMENTS.values():
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        for select in tree.find_all(exp.Select):
            tables = [table for table in select.find_all(exp.Table) if table.parent_select is select]
            assert tables, sql
            for table in tables:
                read.setdefault(f"{table.db}.{table.name}", set())
            for column in select.find_all(exp.Column):
                if column.parent_select is select:
                    owner = next((t for t in tables if t.alias_or_name == column.table), tables[0])
                    read[f"{owner.db}.{owner.name}"].add(column.name)
    let_through = {
        table: set(sqlglot.parse_one(sql, dialect="duckdb").named_selects) for table, sql in door.STATEMENTS.items()
    }
    # Of a statement's own making.
    read = {table: columns for table, columns in read.items() if not table.startswith(".")}
    # What a version has is the database's own list; nothing passes the door by it.
    read = {table: columns for table, columns in read.items() if not table.startswith("information_schema.")}
    # Named by `order by` alone, after an alias of the same statement.
    read["marts.kpi_values"].discard("kind")
    assert let_through == read


def test_an_executive_sees_the_company_but_no_person(full_file: Path) -> None:
    with duckdb.connect(str(full_file), read_only=True) as file:
        published = {table: len(rows) for table, rows in contents(file).items()}
        for table, shown in SHOWN_ONE_BY_ONE.items():
            (published[table],) = file.execute(f"select count(*) from {table} where {shown}").fetchone() or (0,)
            assert published[table] > 0
        people = file.execute("select technician_id, technician_name from marts.dim_technicians").fetchall()
    with door.connect(str(full_file), EXECUTIVE) as con:
        seen = contents(con)
    about_people = {
        "marts.dim_technicians", "marts.agg_technician_scorecards", "marts.agg_customer_risks",
        "marts.agg_labor_levers_monthly",
    }  # fmt: skip
    for table, rows in seen.items():
        assert len(rows) == (0 if table in about_people else published[table]), table
    named = {text for person in people for text in person}
    assert len(named) == 40
    assert not named & {value for rows in seen.values() for row in rows for value in row}


@pytest.mark.parametrize("limits", [EVERYTHING, MANAGER, EXECUTIVE], ids=["everything", "manager", "executive"])
@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.kpi_values",
        "update marts.dim_sites set site_name = 'x'",
        "create table marts.mine (a integer)",
        "drop table marts.kpi_values",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/*')",
        "select * from '{path}'",
        "select * from {catalog}.marts.kpi_values as other_catalog",
        "copy marts.dim_kpis to '/tmp/kpis.csv'",
        "export database '/tmp/all'",
        "attach '{other}' as other (read_only)",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '10GB'",
        "set enable_external_access = true",
        "reset lock_configuration",
        "create secret s (type s3)",
        "select * from planted_frame",
    ],
)
def test_a_statement_that_does_more_than_read_is_refused(
    statement: str, limits: Limits, full_file: Path, empty_file: Path
) -> None:
    planted_frame = pd.DataFrame({"a": [1]})
    # Of the whole file, its own name is nothing more; of a limited session it is the way round the door.
    catalog = "other" if limits.are_none else full_file.stem
    warehouse = open_warehouse(str(full_file), limits)
    # A file that the session already reads may be attached once more; a limited one reads none.
    other = empty_file if limits.are_none else full_file
    with pytest.raises(duckdb.Error):
        warehouse.read(statement.format(path=full_file, other=other, catalog=catalog))
    assert len(planted_frame)
    assert len(warehouse.read("select * from marts.dim_kpis"))


@pytest.mark.parametrize("limits", [MANAGER, EXECUTIVE])
def test_a_limited_session_does_not_know_the_file(limits: Limits, full_file: Path) -> None:
    rows = open_warehouse(str(full_file), limits).read("select database_name, path from duckdb_databases()")
    assert set(rows["database_name"]) <= {"memory", "system", "temp"}
    assert rows["path"].isna().all()


def test_the_cache_never_gives_one_visitor_anothers_rows(full_file: Path) -> None:
    limits = [EVERYTHING, EXECUTIVE, *(Limits((site,)) for site in SITES), Limits(("s1", "s2"))]
    seen = {}
    for _ in range(2):  # the second time from the cache
        for each in limits:
            rows = Warehouse(str(full_file), each).read(queries.company.SITES)
            assert seen.setdefault(each, set(rows["site_id"])) == set(rows["site_id"])
    assert seen == {each: set(SITES) if each.sites is None else set(each.sites) for each in limits}


def _calls(path: Path) -> list[tuple[str, ast.expr]]:
    """Name and first argument of every method call that could send SQL to DuckDB."""
    names = {"execute", "executemany", "sql", "query", "read", "from_query", "table_function", "view", "table"}
    return [
        (node.func.attr, node.args[0])
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names and node.args
    ]


def test_every_statement_that_reaches_duckdb_is_a_constant() -> None:
    """A statement is written out, or a constant of app.queries or app.door: no value of anybody is ever part of one."""
    # Where constants pass under another name.
    passed_on = {("warehouse.py", "sql"), ("scope.py", "sql"), ("version.py", "sql"), ("door.py", "statement")}
    # Saved views are a database of their own, of SQLite.
    passed_on |= {("saved_sidebar.py", "path"), ("saved_views.py", "_SCHEMA"), ("saved_views.py", "taken")}
    # The one place where an analyst's own statement runs, in a process of its own.
    passed_on_by_call = {("process.py", "checked(con, sql)")}
    # No parameter can stand for a file or a new table: the server's own path, its quotes doubled; a constant's name.
    passed_on_by_call |= {("door.py", "f'{into} {statement}'")}
    passed_on_by_call |= {("door.py", "f\"attach '{name}' as version (read_only)\"")}
    found = 0
    for path in SOURCES:
        for method, argument in _calls(path):
            if method == "table" and path.name != "door.py":
                continue  # components.table draws one
            is_query = ast.unparse(argument).removeprefix("queries.") in STATEMENTS
            is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            is_passed = isinstance(argument, ast.Name) and (path.name, argument.id) in passed_on
            is_own = (path.name, ast.unparse(argument)) in passed_on_by_call
            assert is_query or is_text or is_passed or is_own, f"{path.name}:{argument.lineno}: {ast.unparse(argument)}"
            found += 1
    assert found > 30
    of_modules: dict[str, set[str]] = {"door_statements": {"STATEMENTS"}, "door_requests": {"REQUESTS"}}
    for statement in STATEMENTS:
        module, name = statement.split(".")
        of_modules.setdefault(f"queries/{module}", set()).add(name)
    for module, names in of_modules.items():
        tree = ast.parse((ROOT / "app" / f"{module}.py").read_text("utf-8"))
        values = {
            node.target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for name in names:
            value = values[name]
            written_out = value.values if isinstance(value, ast.Dict) else [value]
            assert all(isinstance(each, ast.Constant) for each in written_out), (module, name)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_gives_rows_of_the_granted_sites_alone(name: str, full_file: Path) -> None:
    """Asked for everything there is: who is granted no site gets no row, and a manager those of the own site."""
    sql = REQUESTS[name]
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    everything: dict[str, Answerable] = {
        "kpi_id": KPI, "first_date": date(1990, 1, 1), "last_date": date(2100, 1, 1), "site_id": "all",
        "product_family": "all", "region": "all", "channel": "all", "priority": "all", "subject_kind": "ticket",
        "state": "all", "row_limit": 100_000,
    }  # fmt: skip
    wanted = set(re.findall(r"\$(\w+)", sql))
    asked = {parameter: value for parameter, value in everything.items() if parameter in wanted}
    with door.open_file(str(full_file)) as file:
        if "subject_ids" in wanted:
            (table,) = tree.find_all(exp.Table)
            every_key = exp.select(tree.selects[0].unalias()).from_(table.sql("duckdb")).sql("duckdb")
            asked["subject_ids"] = [key for (key,) in file.execute(every_key).fetchall()]
        nobodys = door.ask(file, Limits((), sees_people=False), name, asked)
        managers = door.ask(file, MANAGER, name, asked)
        everybodys = door.ask(file, EVERYTHING, name, asked)
    if name == "lineage":  # What a KPI is made from is the same for every site.
        return
    assert "all_sites" in wanted
    assert nobodys.empty
    if "site_id" in everybodys:
        assert set(managers["site_id"]) <= {"s2"}
    if name in ("items", "ticket"):
        assert 0 < len(managers) < len(everybodys)


def test_what_is_compared_with_the_company_is_named_here() -> None:
    """The columns of a person's row that are about more than the person: a new one has to be argued."""
    columns = set(sqlglot.parse_one(door.STATEMENTS["marts.agg_technician_scorecards"], dialect="duckdb").named_selects)
    assert columns >= COMPARED_WITH_COMPANY
