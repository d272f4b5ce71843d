"""A small company that knows a person everywhere: landed, archived, rejected, published, and in its logs."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.archive.recording import Archive
from orchestration.archive.settling import check_ingest, settle
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from orchestration.extract.suppression import read_suppression
from orchestration.forget.forgetting import Forgotten, forget
from orchestration.versions.store import pin
from orchestration.workspace import Workspace
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.versions.small import Content, publish_small

WHOM = "K77001"
PHONE, OLD_PHONE = "+49 171 5550199", "+49 171 5550111"
NAME, EMAIL, ADDRESS = "Zoraida Quxley", "zoraida@canary.example", "苏州市和平路77号"
SAID = "Frau Quxley ruft zurück"
# In a row of somebody else; the old number is known to the archive alone.
MENTION = f"wie bei {PHONE} und {OLD_PHONE}; {ADDRESS}"
# All that must be nowhere afterwards. The address is another customer's, too, and stays theirs.
CANARIES = [WHOM, PHONE, OLD_PHONE, NAME, EMAIL, SAID]

FEEDS = """\
  customers:
    - source: crm
      table: customer
      compare_keys: [id]
      overflow: true
      allowed_rejects: 1
      columns: {customer_id: id, customer_name: name, phone: phone, email: mail, address: street, customer_kind: kind}
  tickets:
    - source: drops
      path: "tickets*.csv"
      allowed_rejects: 1
      columns: {ticket_id: id, customer_id: who, symptom: note, status: "'open'", created_at: day}
  ticket_events:
    - source: drops
      path: "events*.csv"
      allowed_rejects: 1
      columns: {event_id: id, ticket_id: ticket, event_kind: kind, note: note, occurred_at: day}
"""
CONTRACT = read_contract()
# Events before tickets, as Dagster has it.
LANDED = ("customers", "ticket_events", "tickets")
TICKETS = f"""id,who,note,day
T1,{WHOM},{SAID},2026-06-01
T2,K2,{MENTION},2026-06-02
T3,{WHOM},{SAID},soon
,{WHOM},{SAID},2026-06-02
"""
EVENTS = f"""id,ticket,kind,note,day
E1,T1,created,{SAID},2026-06-01
E2,T2,created,fine,2026-06-02
E3,T1,,{SAID},2026-06-03
"""
START = datetime(2026, 7, 1, tzinfo=UTC)
MARTS = f"""
create table marts.dim_customers (customer_id varchar, customer_name varchar, region varchar);
insert into marts.dim_customers values ('{WHOM}', '{NAME}', 'North'), ('K2', 'Else Anders', 'South');
create table marts.fct_reviews (review_id varchar, customer_id varchar, comment varchar, rating bigint);
insert into marts.fct_reviews values ('R1', '{WHOM}', '{SAID}', 4), ('R2', 'K2', 'wie bei {NAME}', 2);
create table marts.fct_audits (audit_id varchar, ticket_id varchar, comment varchar);
insert into marts.fct_audits values ('A1', 'T1', '{SAID}'), ('A2', 'T2', 'in order');
comment on table marts.fct_audits is 'What was found';
insert into meta.gates values ('b', 'gate_2', 'marts', 'fct_reviews', 'x', 'y', 'warning', false, '{WHOM}', 1, 1,
    '[{{"customer_id": "{WHOM}", "phone": "{PHONE}"}}]', 'found {WHOM}; K7700 too', ['x']);
"""


@dataclass
class Company:
    """Its workspace, and the desk whose files and database are its sources."""

    desk: Desk
    runs: int = 0

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.desk.root)

    def customer(self, number: str, name: str, phone: str, mail: str, street: str, kind: str = "person") -> None:
        with closing(sqlite3.connect(self.desk.root / "crm.sqlite")) as con, con:
            con.execute(
                "insert or replace into customer values (?, ?, ?, ?, ?, ?, ?)",
                [number, name, phone, mail, street, kind, f"besides: {name}"],
            )

    def run(self) -> dict[str, FeedResult]:
        """A build's extraction."""
        self.runs += 1
        place = self.workspace
        check_ingest(place.ingest_file, place.archive_dir)
        prepare_ingest(place.ingest_file, CONTRACT)
        settle(place.ingest_file, place.archive_dir, CONTRACT)
        results = {
            feed: land_feed(
                place.ingest_file,
                CONTRACT[feed],
                self.desk.profile,
                batch_id=f"b{self.runs}",
                landed_at=START + timedelta(hours=self.runs),
                log=lambda _: None,
                recorder=Archive(place.archive_dir),
                suppression=read_suppression(place.forgotten_dir),
            )
            for feed in LANDED
        }
        Archive(place.archive_dir).close_run(place.ingest_file)
        return results

    def forget(self, whom: str = WHOM, **changes: object) -> Forgotten:
        said: dict[str, object] = {
            "salt": None,
            "reason": "asked in writing",
            "forgotten_at": START + timedelta(days=30),
            "is_dry": False,
            "discards_set_aside": False,
        }
        return forget(self.workspace, CONTRACT, whom, **(said | changes))  # type: ignore[arg-type]

    def files(self) -> list[Path]:
        """Every file that is the warehouse's, not its sources'."""
        sources = {"crm.sqlite", "desk.yml", "drops"}
        tops = [path for path in self.desk.root.iterdir() if path.name not in sources]
        return sorted(path for top in tops for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file())

    def found(self, needles: list[str]) -> list[str]:
        """Where one of `needles` stands: in the bytes of a file, or in what a table says, however it is packed."""
        hits = []
        for path in self.files():
            content = path.read_bytes()
            hits += [f"{path}: {needle}" for needle in needles if needle.encode() in content]
            said = "\n".join(_texts(path))
            hits += [f"{path} says {needle}" for needle in needles if needle in said]
        return hits


def _texts(path: Path) -> list[str]:
    with duckdb.connect() as con:
        if path.suffix == ".parquet":
            return [str(row) for row in con.execute("from read_parquet(?)", [str(path)]).fetchall()]
        if path.suffix != ".duckdb":
            return []
        con.execute(f"attach '{path}' as known (read_only)")
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'known'"
        ).fetchall()
        return [str(row) for (name,) in names for row in con.execute(f"from known.{name}").fetchall()]


def _fill_log(root: Path) -> None:
    (root / "dbt.log").write_text(f"12:00 row of {WHOM}, {NAME}\n", encoding="utf-8")
    (root / "dagster" / "history").mkdir(parents=True)
    with closing(sqlite3.connect(root / "dagster" / "history" / "runs.db")) as con, con:
        con.execute("pragma secure_delete = off")
        con.execute("create table event_logs (id integer, event text)")
        con.executemany(
            "insert into event_logs values (?, ?)",
            [(number, f'{{"row": "{WHOM}", "of": "\\u82cf\\u5dde\\u5e02"}}') for number in range(1000)],
        )
        con.execute("delete from event_logs where id >= 10")  # what is freed keeps what it held


def copy_of(company: Company, folder: Path) -> Company:
    """The same company in another folder."""
    shutil.copytree(company.desk.root, folder, symlinks=True)
    return Company(Desk(folder, FEEDS), company.runs)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company with three days behind it, and three versions: of before the person, a pinned one, the served one."""
    desk = Desk(tmp_path_factory.mktemp("desk"), FEEDS)
    company = Company(desk)
    desk.database(
        "create table customer "
        "(id text primary key, name text, phone text, mail text, street text, kind text, more text)"
    )
    company.customer(WHOM, NAME, OLD_PHONE, EMAIL, ADDRESS)
    company.customer("K2", "Else Anders", "+49 30 1234567", "else@canary.example", ADDRESS)
    company.customer("K3", "Zorx", PHONE, EMAIL, ADDRESS, kind="neither")  # rejected: knows the telephone
    desk.drop("tickets.csv", TICKETS)
    desk.drop("events.csv", EVENTS)
    company.run()
    desk.database(f"delete from customer where id = '{WHOM}'")
    company.run()  # the archive has the number among what is gone
    company.customer(WHOM, NAME, PHONE, EMAIL, ADDRESS)
    company.run()
    root = desk.root
    publish_small(root, "20260701T000000Z_a")
    publish_small(root, "20260702T000000Z_b", Content(sql=MARTS))
    pin(root / "published", "20260702T000000Z_b")
    publish_small(root, "20260703T000000Z_c", Content(sql=MARTS))
    for path in root.glob("build_*.duckdb"):
        path.unlink()
    for place in (root / "build" / "x", root / "restated" / "20260701T000000Z"):
        place.mkdir(parents=True)
        (place / "build.log").write_text(WHOM, encoding="utf-8")
    _fill_log(root)
    return company


@pytest.fixture
def company(template: Company, tmp_path: Path) -> Company:
    """A copy of the company, to be changed."""
    return copy_of(template, tmp_path / "desk")
