"""What the types of PostgreSQL and MariaDB become, and values that other types cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.extract.connectors import sql_session
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.databases import Database, read

# Column type, value as SQL writes it, DuckDB's type, value as text.
POSTGRES = [
    ("int", "-2147483648", "INTEGER", "-2147483648"),
    ("smallint", "7", "SMALLINT", "7"),
    ("bigint", "9223372036854775807", "BIGINT", "9223372036854775807"),
    ("oid", "7", "BIGINT", "7"),
    ("numeric(18, 4)", "-99999999999999.9999", "DECIMAL(18,4)", "-99999999999999.9999"),
    ("numeric(38, 0)", "9" * 38, "DECIMAL(38,0)", "9" * 38),
    ("numeric(39, 1)", "9" * 38 + ".9", "VARCHAR", "9" * 38 + ".9"),
    ("numeric(3, -2)", "1234", "VARCHAR", "1200"),
    ("numeric(2, 5)", "0.00012", "VARCHAR", "0.00012"),
    ("numeric", "0.1000000000000000000000000000000000000000001", "VARCHAR", "0." + "1" + "0" * 41 + "1"),
    ("real", "1.1", "FLOAT", "1.1"),
    ("double precision", "0.1", "DOUBLE", "0.1"),
    ("double precision", "'NaN'", "DOUBLE", "nan"),
    ("boolean", "false", "BOOLEAN", "false"),
    ("timestamp", "'2026-01-01 10:00:00.123456'", "TIMESTAMP", "2026-01-01 10:00:00.123456"),
    ("timestamptz", "'2026-01-01 10:00:00+08'", "TIMESTAMP WITH TIME ZONE", "2026-01-01 02:00:00+00"),
    ("timestamptz[]", "'{2026-01-01 10:00:00+08}'", "VARCHAR", '{"2026-01-01 02:00:00+00"}'),
    ("date", "'2026-02-03'", "DATE", "2026-02-03"),
    ("time", "'24:00:00'", "TIME", "24:00:00"),
    ("timetz", "'10:00:00+08'", "VARCHAR", "10:00:00+08"),
    ("interval", "'-1 day 02:03:04'", "VARCHAR", "-1 days +02:03:04"),
    ("text", "'客户 \"急\", 第一行\r\n第二行\\N'", "VARCHAR", '客户 "急", 第一行\r\n第二行\\N'),
    ("varchar(9)", "'\\N'", "VARCHAR", "\\N"),
    ("char(3)", "'ab'", "VARCHAR", "ab "),
    ("bytea", "'\\x00ff61'", "BLOB", "\\x00\\xFFa"),
    ("json", "'{\"a\": 1}'", "VARCHAR", '{"a": 1}'),
    ("jsonb", "'{\"值\": [1, 2]}'", "VARCHAR", '{"值": [1, 2]}'),
    ("int[]", "'{1,2,null}'", "VARCHAR", "{1,2,NULL}"),
    ("mood", "'好'", "VARCHAR", "好"),
    ("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "VARCHAR", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("point", "'(1,2)'", "VARCHAR", "(1,2)"),
]
# The server's own settings would write these otherwise, and the reader may not depend on them.
POSTGRES_SETTINGS = ("datestyle = 'German'", "timezone = 'Asia/Tokyo'", "bytea_output = 'escape'",
                     "intervalstyle = 'iso_8601'", "extra_float_digits = -5")  # fmt: skip

MARIADB = [
    ("int unsigned", "4294967295", "BIGINT", "4294967295"),
    ("bigint unsigned", "18446744073709551615", "UBIGINT", "18446744073709551615"),
    ("bigint", "-9223372036854775808", "BIGINT", "-9223372036854775808"),
    ("tinyint(1)", "2", "BIGINT", "2"),
    ("boolean", "true", "BIGINT", "1"),
    ("decimal(18, 4)", "-99999999999999.9999", "DECIMAL(18,4)", "-99999999999999.9999"),
    ("decimal(38, 0)", "9" * 38, "DECIMAL(38,0)", "9" * 38),
    ("decimal(39, 0)", "9" * 39, "VARCHAR", "9" * 39),
    ("decimal(5, 2) unsigned", "999.99", "DECIMAL(5,2)", "999.99"),
    ("float", "1.1", "FLOAT", "1.1"),
    ("double", "0.1", "DOUBLE", "0.1"),
    ("datetime(6)", "'2026-01-01 10:00:00.123456'", "TIMESTAMP", "2026-01-01 10:00:00.123456"),
    # Written by a connection in +08:00.
    ("timestamp(3) null", "'2026-01-01 10:00:00.5'", "TIMESTAMP WITH TIME ZONE", "2026-01-01 02:00:00.5+00"),
    ("date", "'2026-02-03'", "DATE", "2026-02-03"),
    ("date", "'0000-00-00'", "DATE", "-infinity"),
    ("datetime", "'0000-00-00 00:00:00'", "TIMESTAMP", "-infinity"),
    ("timestamp null", "'0000-00-00 00:00:00'", "TIMESTAMP WITH TIME ZONE", "-infinity"),
    ("date", "'2026-00-15'", "DATE", "-infinity"),
    ("time", "'-838:59:59'", "VARCHAR", "-838:59:59"),
    ("year", "2026", "BIGINT", "2026"),
    ("varchar(40)", "'客户 \"急\", 第一行\\r\\n第二行\\\\N'", "VARCHAR", '客户 "急", 第一行\r\n第二行\\N'),
    ("varchar(9)", "concat('a', char(0), 'b')", "VARCHAR", "a\x00b"),
    ("varchar(9) character set gbk", "'汉字'", "VARCHAR", "汉字"),
    ("longtext", "'x'", "VARCHAR", "x"),
    ("json", "'{\"值\": [1, 2]}'", "VARCHAR", '{"值": [1, 2]}'),
    ("enum('好', '坏')", "'好'", "VARCHAR", "好"),
    ("set('a', 'b')", "'a,b'", "VARCHAR", "a,b"),
    ("blob", "x'00ff61'", "BLOB", "\\x00\\xFFa"),
    ("varbinary(9)", "'ab'", "BLOB", "ab"),
    ("bit(1)", "b'1'", "UBIGINT", "1"),
    ("bit(9)", "b'100000001'", "UBIGINT", "257"),
    ("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "VARCHAR", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
]


def fill(database: Database, kinds: list[tuple[str, str, str, str]], *before: str) -> None:
    """Make a table with a column of each kind, and three rows: the values, none, and none."""
    columns = ", ".join(f"c{index} {kind[0]}" for index, kind in enumerate(kinds))
    values = ", ".join(kind[1] for kind in kinds)
    database.execute(
        *before,
        f"create table kinds (id int, {columns})",
        f"insert into kinds values (1, {values})",
        "insert into kinds (id) values (2), (3)",
    )


def check(database: Database, scratch: Path, kinds: list[tuple[str, str, str, str]]) -> None:
    found = read(database, scratch, table="kinds")
    types = found.types()
    described = [(kind[0], types[f"c{index}"], found.texts(f"c{index}")) for index, kind in enumerate(kinds)]
    assert described == [(declared, type_, [text, None, None]) for declared, _, type_, text in kinds]


def test_types_of_postgresql(postgres_database: Database, tmp_path: Path) -> None:
    settings = [f"alter role aftersales set {setting}" for setting in POSTGRES_SETTINGS]
    resets = [f"alter role aftersales reset {setting.split()[0]}" for setting in POSTGRES_SETTINGS]
    fill(postgres_database, POSTGRES, "create type mood as enum ('好', '坏')")
    postgres_database.execute(*settings)
    try:
        check(postgres_database, tmp_path, POSTGRES)
    finally:
        postgres_database.execute(*resets)


def test_types_of_mariadb(mariadb_database: Database, tmp_path: Path) -> None:
    fill(mariadb_database, MARIADB, "set sql_mode = ''", "set time_zone = '+08:00'")
    check(mariadb_database, tmp_path, MARIADB)


def test_values_of_postgresql_that_fit_no_type(postgres_database: Database, tmp_path: Path) -> None:
    postgres_database.execute(
        "create table kinds (id int, at timestamp, tz timestamptz, day date, fee numeric(9, 2), data bytea,"
        " flag boolean)",
        "insert into kinds values"
        " (1, 'infinity', '-infinity', '0044-03-15 BC', 'NaN', '\\x00', true),"
        " (2, '0044-03-15 10:00:00 BC', '294276-12-31 23:59:59+00', '5874897-12-31', 1.5, null, false),"
        " (3, '2026-01-01', '0044-03-15 10:00:00+00 BC', 'infinity', null, '\\xff', null)",
    )
    found = read(postgres_database, tmp_path, table="kinds")
    assert {name: found.texts(name) for name in ("at", "tz", "day", "fee", "data", "flag")} == {
        "at": ["infinity", "0044-03-15 (BC) 10:00:00", "2026-01-01 00:00:00"],
        "tz": ["-infinity", "-infinity", "0044-03-15 (BC) 10:00:00+00"],
        "day": ["0044-03-15 (BC)", "5874897-12-31", "infinity"],
        "fee": ["NaN", "1.50", None],
        "data": ["\\x00", None, "\\xFF"],
        "flag": ["true", "false", None],
    }
    assert [(notice.kind, notice.column) for notice in found.delivery.notices] == [
        ("changed_type", "fee"),
        ("impossible_date", "tz"),
    ]
    assert found.types()["at"] == "TIMESTAMP"


def test_a_zero_date_is_rejected_or_read_as_nothing(
    mariadb_database: Database, crm_desk: Callable[[Database, str], Desk]
) -> None:
    mariadb_database.execute(
        "set sql_mode = ''",
        "create table clients (id int primary key, name text, changed datetime not null)",
        "insert into clients values (1, 'Ann', '0000-00-00'), (2, 'Bo', '2026-01-02 08:00:00')",
    )
    feeds = """\
  customers:
    - source: crm
      table: clients
      allowed_rejects: 1
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
    desk = crm_desk(mariadb_database, feeds)
    result = desk.land()
    assert (result.inserted, result.rejected) == (1, 1)
    assert "updated_at: found '-infinity', " in desk.rejects()[0][2][0]
    assert [(notice.kind, notice.column) for notice in result.notices] == [("impossible_date", "changed")]
    desk.head = desk.head.replace('url: "${CRM_URL}"', 'url: "${CRM_URL}"\n    null_markers: ["", "-infinity"]')
    desk.land()
    assert desk.rejects() == []
    assert desk.query("select updated_at is null from raw.customers order by customer_id") == [(True,), (False,)]


def test_nothing_is_not_the_empty_text(database: Database, tmp_path: Path) -> None:
    database.execute("create table t (name text)", "insert into t values (''), (null), ('x')")
    assert sorted(read(database, tmp_path, table="t").texts("name"), key=str) == ["", None, "x"]


@pytest.mark.parametrize("name", ["Kunden", "my clients", 'a "quoted" name', "客户 表", "50% `of` it", "a.b"])
def test_names_may_be_anything(database: Database, tmp_path: Path, name: str) -> None:
    sign = '"' if database.kind == "postgresql" else "`"
    quoted = sign + name.replace(sign, 2 * sign) + sign
    database.execute(f"create table {quoted} ({quoted} int primary key)", f"insert into {quoted} values (2), (1)")
    found = read(database, tmp_path, table=name, cursor={"column": name})
    assert found.texts(name) == ["1", "2"]
    assert found.delivery.cursors[0].value == "2"


def test_a_table_may_be_of_another_schema(database: Database, tmp_path: Path) -> None:
    schema = f"other_{tmp_path.name.strip('_')}"
    database.execute(
        f"create schema {schema}", f"create table {schema}.t (id int)", f"insert into {schema}.t values (7)"
    )
    try:
        assert read(database, tmp_path, table=f"{schema}.t").texts("id") == ["7"]
    finally:
        database.execute(f"drop table {schema}.t", f"drop schema {schema}")


def test_a_query_comes_as_the_database_understands_it(database: Database, tmp_path: Path) -> None:
    database.execute("create table t (id int)", "insert into t values (1)")
    query = "select id, '100% :no %s' as note from t -- where\n;"
    assert read(database, tmp_path, query=query).texts("note") == ["100% :no %s"]


@pytest.mark.parametrize("megabytes", [10, 40])
def test_a_very_long_text_lands(database: Database, tmp_path: Path, megabytes: int) -> None:
    kind = "text" if database.kind == "postgresql" else "longtext"
    length = megabytes * 1_000_000
    text = f"repeat('汉 \"', {length // 6})"
    connection = database.connect()
    if database.kind == "mariadb":
        database.execute("set global max_allowed_packet = 268435456")
    connection.close()
    database.execute(f"create table t (id int, name {kind})", f"insert into t values (1, {text}), (2, 'short')")
    found = read(database, tmp_path, table="t", columns={})
    relation = found.delivery.parts[0].relation
    assert found.con.execute(f"select id, length(name), left(name, 3) from {relation} order by id").fetchall() == [
        (1, length // 6 * 3, '汉 "'),
        (2, 5, "sho"),
    ]


def test_line_breaks_within_texts_do_not_break_rows(database: Database, tmp_path: Path) -> None:
    """More than one buffer of DuckDB's reader, in texts that look like rows."""
    numbers = "generate_series(1, 40000) as i" if database.kind == "postgresql" else "seq_1_to_40000 as s"
    number = "i" if database.kind == "postgresql" else "seq"
    lines = "concat('1,\"x\"', chr(10), repeat('2,\"y\",3\n', 200))".replace(
        "chr(10)", "chr(10)" if database.kind == "postgresql" else "char(10)"
    )
    database.execute(
        "create table t (id int primary key, body text)", f"insert into t select {number}, {lines} from {numbers}"
    )
    found = read(database, tmp_path, table="t")
    relation = found.delivery.parts[0].relation
    assert found.con.execute(
        f"select count(*), count(distinct id), min(length(body)), max(length(body)), sum(_row - id) from {relation}"
    ).fetchall() == [(40_000, 40_000, 1606, 1606, 0)]


def test_a_column_of_many_batches_keeps_its_rows(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_session.Step, "rows", 2)
    monkeypatch.setattr(sql_session, "BATCH_BYTES", 100)
    database.execute("create table t (id int primary key, name text)")
    values = ", ".join(f"({index}, '{'x' * (index % 70)}')" for index in range(1, 301))
    database.execute(f"insert into t values {values}")
    found = read(database, tmp_path, table="t")
    assert found.texts("id") == [str(index) for index in range(1, 301)]
    assert found.texts("_line") == found.texts("id")
    assert found.texts("name") == ["x" * (index % 70) for index in range(1, 301)]
