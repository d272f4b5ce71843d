"""What `profile check` shows of each binding, whatever fails, and that it leaves nothing behind."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.extract.contract import read_contract
from orchestration.extract.preview import Look, look
from orchestration.extract.preview_text import text_of
from tests.orchestration.extract.conftest import HEAD, Desk
from tests.orchestration.extract.databases import Database
from tests.orchestration.extract.http_service import HttpService, serve

NOW = datetime(2026, 7, 1, tzinfo=UTC)

CUSTOMERS = """\
  customers:
    - source: drops
      path: customers.csv
      where: "id <> 'C9'"
      allowed_rejects: 1
      columns:
        customer_id: id
        customer_name: name
        customer_kind: {expr: kind, values: {"1": person}}
        updated_at: {expr: changed, format: "%d/%m/%Y"}
"""
ROWS = """\
id,name,kind,changed,tel,shoe
C1,王小明,1,01/02/2026,13812345678,42
C2,Li Na,2,31/12/2025,,41
C3,Bo,2,31/12/2025,,41
C4,Cy,9,30/02/2026,,41
C1,Ann,1,03/02/2026,,40
C9,Test,1,03/02/2026,,40
"""


def looks(desk: Desk, **options: object) -> list[Look]:
    return list(look(desk.profile, read_contract(), now=NOW, **options))  # type: ignore[arg-type]


def one(desk: Desk, **options: object) -> Look:
    (seen,) = looks(desk, **options)
    return seen


def printed(seen: Look) -> str:
    return text_of(seen, "desk.yml")


def width_of(line: str) -> int:
    """Count the columns of a terminal: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def test_it_shows_what_would_land_and_what_would_not(desk: Desk) -> None:
    desk.feeds = CUSTOMERS
    desk.drop("customers.csv", ROWS)
    seen = one(desk)

    assert seen.error is None
    assert seen.counts is not None
    assert (seen.counts.delivered, seen.counts.filtered, seen.counts.rejected) == (6, 1, 3)
    assert seen.repeated_keys == 1
    assert seen.columns == ("customer_id", "customer_name", "customer_kind", "updated_at")
    assert [row[0] for row in seen.rows] == ["C1", "C1"]
    assert seen.rows[0][3] == "2026-01-31 16:00:00"
    kinds = [(refusal.column, refusal.kind, refusal.count, len(refusal.examples)) for refusal in seen.refusals]
    assert kinds == [("customer_kind", "allowed_values", 3, 2), ("updated_at", "cast", 1, 1)]
    assert seen.refusals[0].examples[0].startswith("customers.csv:3: customer_kind: found '2', allowed are person")
    assert seen.refusals[1].examples[0].startswith("customers.csv:5: updated_at: found '30/02/2026'")
    used = {column.name: (column.type, column.feeds, column.is_read) for column in seen.delivered}
    assert used["name"] == ("VARCHAR", ("customer_name",), True)
    assert used["shoe"] == ("VARCHAR", (), False)
    assert {"city", "segment"} <= {column.name for column in seen.lacking}
    assert not {"customer_id", "updated_at"} & {column.name for column in seen.lacking}


def test_what_is_printed_fits_the_terminal_and_names_the_place(desk: Desk) -> None:
    desk.feeds = CUSTOMERS
    desk.drop("customers.csv", ROWS + f"C5,{'長' * 300},1,04/02/2026,,40\n")
    text = printed(one(desk, is_shown=True))

    assert "customers <- drops: customers.csv (desk.yml:14)" in text
    assert re.search(r"shoe +varchar +42 +nobody uses it", text)
    assert re.search(r"changed +varchar +01/02/2026 +-> updated_at", text)
    assert "of the 7 rows looked at, 3 would land, 1 would be filtered by where, 3 would be rejected" in text
    assert "rejected: customer_kind, allowed_values, 3 rows" in text
    assert "city" in text
    assert max(map(width_of, text.splitlines())) <= 120


def test_a_wide_table_is_turned_and_keeps_every_row(desk: Desk) -> None:
    columns = [column.name for column in read_contract()["tickets"].columns if column.type == "varchar"]
    row = {name: f"{name}-value" for name in columns} | {"status": "open", "channel": "phone", "priority": "high"}
    for name in ("service_mode", "complexity", "source_first_response_sla", "source_resolution_sla"):
        del row[name]
    row["created_at"] = "2026-06-01 10:00:00"
    lines = [",".join(row), *(",".join({**row, "ticket_id": f"T{number}"}.values()) for number in range(10))]
    desk.drop("tickets.csv", "\n".join(lines) + "\n")
    desk.feeds = "  tickets:\n    - {source: drops, path: tickets.csv}\n"
    text = printed(one(desk))

    assert text.count("unresolved_reason-value") == 11
    assert [f"T{number}" for number in range(10)] == re.findall(r"\bT\d\b", text.partition("as they would land")[2])
    assert max(map(width_of, text.splitlines())) <= 120


def test_direct_personal_data_is_masked_unless_asked_for(desk: Desk) -> None:
    """Also in a column that is made of it, in an example of a reject, and in a delivered column that nobody uses."""
    feeds = CUSTOMERS.replace("{expr: kind,", '{expr: "coalesce(tel, kind)",')
    desk.feeds = (
        feeds.replace("customer_name: name", "customer_name: name\n        phone: tel") + "        city: shoe\n"
    )
    desk.drop("customers.csv", ROWS.replace("\n", ",13912345678\n").replace("shoe,13912345678", "shoe,mobile"))
    hidden, shown = (printed(one(desk, is_shown=is_shown)) for is_shown in (False, True))

    for secret in ("王小明", "Ann", "13812345678", "13912345678"):
        assert secret not in hidden
        assert secret in shown
    assert "***" not in shown


BROKEN = """\
  sites:
    - {source: gone, path: "*.csv", columns: {site_id: id}}
  products:
    - {source: crm, table: nowhere, columns: {product_id: id}}
  assets:
    - {source: crm, table: units, columns: {asset_id: nr}}
  purchases:
    - source: crm
      table: units
      columns: {purchase_id: id, purchase_kind: "'order'", quantity: 1, unit_price_amount: 1, purchased_at: day}
  complaints:
    - {source: lost, table: t, columns: {complaint_id: id, raised_at: day}}
  customers:
    - {source: crm, table: units, columns: {customer_id: id}}
"""


def test_every_failure_shows_and_the_others_are_looked_at(desk: Desk) -> None:
    desk.head = HEAD.replace(
        "feeds:",
        '  gone: {connector: files, root: "${PROFILE_DATA}/gone"}\n'
        '  lost: {connector: sql, url: "postgresql://reader:canary-9@127.0.0.1:1/crm"}\nfeeds:',
    )
    desk.feeds = BROKEN
    desk.database("create table units (id text, day text)", "insert into units values ('U1', '03/04/2026')")
    seen = {each.feed: each for each in looks(desk)}

    assert list(seen) == ["sites", "products", "assets", "purchases", "complaints", "customers"]
    errors = {feed: str(each.error) for feed, each in seen.items()}
    assert "there is no folder" in errors["sites"]
    assert "there is no table nowhere" in errors["products"]
    assert re.search(r"desk.yml:\d+: feed assets.*nr", errors["assets"])
    assert [column.name for column in seen["assets"].delivered] == ["id", "day"]
    assert "3 April 2026" in errors["purchases"]
    assert "4 March 2026" in errors["purchases"]
    assert "source lost" in errors["complaints"]
    assert "canary-9" not in str(errors)
    assert seen["customers"].error is None
    assert seen["customers"].rows == (("U1",),)


def test_more_rejects_than_are_allowed_are_a_failure(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("allowed_rejects: 1", "allowed_rejects: 0.1")
    desk.drop("customers.csv", ROWS.splitlines()[0] + "\n" + "".join(f"D{n},Bo,2,01/02/2026,,\n" for n in range(20)))
    seen = one(desk)

    assert "20 of 20 rows are rejected" in str(seen.error)
    assert seen.refusals[0].count == 20


def test_deleted_rows_are_counted_apart(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("      columns:", "      deleted: \"shoe = '40'\"\n      columns:")
    desk.drop("customers.csv", ROWS)
    seen = one(desk)
    assert (seen.gone, seen.repeated_keys, len(seen.rows)) == (1, 0, 1)
    assert "1 say that their key is gone" in printed(one(desk))


def test_a_policy_of_the_companys_own_is_looked_at_too(desk: Desk) -> None:
    desk.feeds = "{}\npolicies:\n  sla_policies: ${PROFILE_DATA}/sla.csv\n"
    desk.head = HEAD.replace("feeds:\n", "feeds: ")
    (desk.root / "sla.csv").write_text("policy_id,minutes\nP1,x\n", encoding="utf-8")
    seen = one(desk)
    assert (seen.feed, seen.place) == ("sla_policies", "sla.csv")
    assert "sla_policies needs the column" in str(seen.error)


def test_nothing_is_written(desk: Desk) -> None:
    desk.feeds = CUSTOMERS
    desk.drop("customers.csv", ROWS)
    before = {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if path.name != "desk.yml"}
    one(desk)
    assert {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if path.name != "desk.yml"} == before
    assert not desk.ingest_file.exists()


def test_a_database_server_is_looked_at_and_asked_for_few_rows(
    database: Database, crm_desk: Callable[[Database, str], Desk]
) -> None:
    database.execute("create table clients (id int primary key, name varchar(50), changed timestamp null)")
    database.execute("insert into clients values " + ", ".join(f"({n}, 'N{n}', '2026-06-01')" for n in range(5000)))
    cursor = "cursor: {column: changed, lookback_days: 3}"
    desk = crm_desk(
        database,
        f"  customers:\n    - source: crm\n      table: clients\n      {cursor}\n"
        "      columns: {customer_id: id, customer_name: name, updated_at: changed}\n",
    )
    seen = one(desk, limit_rows=100, row_count=3)

    assert seen.error is None
    assert seen.counts is not None
    assert seen.counts.delivered == 100
    assert [(column.name, column.example) for column in seen.delivered[:2]] == [("id", "0"), ("name", "***")]
    assert len(seen.rows) == 3
    assert desk.land().delivered == 5000


@pytest.fixture(scope="module")
def http() -> Iterator[HttpService]:
    with serve() as service:
        yield service


def test_an_http_service_is_looked_at_and_asked_for_few_pages(http: HttpService, desk: Desk) -> None:
    http.reset()
    http.paging = "page"
    http.records["clients"] = [{"id": f"C{n}", "name": "Bo", "changed": "2026-06-01T10:00:00Z"} for n in range(20)]
    desk.head = HEAD.replace("feeds:", '  shop: {connector: rest, url: "${SERVICE}/api"}\nfeeds:')
    desk.environment = {"SERVICE": http.root}
    desk.feeds = """\
  customers:
    - source: shop
      endpoint: clients
      records: data.items
      paginate: {kind: page}
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
    seen = one(desk, limit_rows=4)

    assert seen.error is None
    assert seen.counts is not None
    assert seen.counts.delivered == 4
    assert len(http.params()) == 2
    assert seen.rows[0] == ("C0", "***", "2026-06-01 10:00:00")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Run `aftersales ARGUMENTS` in this process; its log handlers and settings are gone afterwards."""
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERSALES_PROFILE", "sample")
    logger = logging.getLogger("aftersales")
    handlers, propagate = list(logger.handlers), logger.propagate
    yield lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)
    logger.handlers, logger.propagate = handlers, propagate


def test_the_command_says_by_its_exit_code_what_is_wrong(tmp_path: Path, command: Callable[..., Result]) -> None:
    desk = Desk(tmp_path / "desk", CUSTOMERS)
    profile = str(desk.profile.file)

    def check(*arguments: str, expected: int = 0) -> Result:
        done = command("--profile", profile, "profile", "check", *arguments)
        assert done.exit_code == expected, done.output
        return done

    assert "1 feeds from 2 sources, no mistake" in check("--offline").stdout
    missing = check(expected=1)
    assert "no file matches" in missing.stdout
    assert "1 failed: customers from drops" in missing.stderr
    desk.drop("customers.csv", ROWS)
    checked = check("--feed", "customers", "--rows", "1")
    assert "the first 1 rows" in checked.stdout
    assert "王小明" not in checked.stdout
    assert "王小明" in check("--show-values").stdout
    assert "has no feed 'calls'" in check("--feed", "calls", expected=2).stderr
    Path(profile).write_text("name: x\n", encoding="utf-8")
    assert "title: Field required" in check(expected=2).stderr
    assert not list(tmp_path.rglob("ingest*"))
