"""Generates the sample company: simulate, write the sources and the truth, and swap the finished folder into place."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.sample import (
    call_drops,
    crm_field,
    crm_master,
    crm_tickets,
    finance_drops,
    shift_drops,
    survey_drops,
)
from orchestration.sample.calls import ring_phones
from orchestration.sample.clock import ZONE, make_window
from orchestration.sample.commerce import Purchases, decide_loyalty, sell
from orchestration.sample.company import found_company
from orchestration.sample.costs import close_books, pay_staff, run_sites
from orchestration.sample.events import write_log
from orchestration.sample.feelings import feel
from orchestration.sample.jobs import Jobs, plan_jobs
from orchestration.sample.places import COVERAGE_KM, Places, reach, settle_customers
from orchestration.sample.planted import planted_facts
from orchestration.sample.plants import NOTHING, Plant
from orchestration.sample.register import register_rows
from orchestration.sample.rows import Dirt, Rows
from orchestration.sample.scene import Scene, number_orders
from orchestration.sample.service import serve
from orchestration.sample.shifts import make_roster
from orchestration.sample.surveys import survey
from orchestration.sample.true_issues import issue_rows
from orchestration.sample.true_kpis import Tree, first_responses, kpi_values
from orchestration.sample.true_promises import kept_promises
from orchestration.sample.voices import Complaints, audit, complain, review
from orchestration.sample.world import make_world
from orchestration.sample.writers import write_csv, write_files, write_sqlite

DEFAULT_SEED = 7
DEFAULT_TICKETS = 20_000
DEFAULT_AS_OF = datetime(2026, 7, 1, tzinfo=ZONE)
MIN_TICKETS = 100
MARKER = "parameters.json"
TRUTH = "truth.json"
TRUE_ISSUES = "truth_issues.csv"
REGISTER = "improvement_actions.csv"

# Table of the CRM, or kind of file, → feed of the contract.
_FEEDS = {
    "site": "sites",
    "staff": "technicians",
    "product": "products",
    "customer": "customers",
    "installed_base": "assets",
    "sales_line": "purchases",
    "service_order": "tickets",
    "service_log": "ticket_events",
    "complaint": "complaints",
    "work_visit": "visits",
    "part_line": "part_lines",
    "part_stock": "part_stock",
    "calls": "calls",
    "shifts": "shifts",
    "surveys/invitations": "survey_invitations",
    "surveys/answers": "survey_answers",
    "reviews": "reviews",
    "costs/labor": "labor_costs",
    "costs/operating": "operating_costs",
    "costs/ledger": "ledger_totals",
    "audits": "audits",
}
# Lines that are no rows, as an interrupted transfer leaves them at the end of a file.
_BROKEN_LINES = {
    "calls": ("calls/*.csv", "CCBAD5,1,IN,报修"),
    "survey_answers": ("surveys/answers_*.ndjson", '{"aid":"ANBAD5","metric":"NPS","score":'),
}


@dataclass(frozen=True)
class SampleSummary:
    """What was generated: where, with which parameters, and how many rows each feed's sources deliver."""

    target: Path
    seed: int
    tickets: int
    as_of: datetime
    delivered: dict[str, int]

    @property
    def row_count(self) -> int:
        """Delivered rows of all feeds."""
        return sum(self.delivered.values())


def is_current(target: Path, seed: int, tickets: int, as_of: datetime) -> bool:
    """Whether `target` holds the finished sources of these parameters, written by this version of the generator."""
    try:
        found = json.loads((target / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == _parameters(seed, tickets, as_of, seed, NOTHING))


def generate(
    target: Path,
    *,
    seed: int = DEFAULT_SEED,
    tickets: int = DEFAULT_TICKETS,
    as_of: datetime = DEFAULT_AS_OF,
    world_seed: int | None = None,
    without: frozenset[Plant] = NOTHING,
) -> SampleSummary:
    """Write the sources of `tickets` tickets before `as_of` (aware) into the folder `target`, replacing what is there.

    Equal parameters give equal bytes. With a `world_seed` the staff, sites and units are those of that seed, and only
    their years are of `seed`. What `without` names is not planted. The folder appears when it is complete: a crash
    leaves the former one, or none.
    ValueError for fewer than 100 tickets, or an `as_of` without offset.
    """
    if tickets < MIN_TICKETS:
        raise ValueError(f"asked for {tickets} tickets, but the company needs at least {MIN_TICKETS}")
    world_seed = seed if world_seed is None else world_seed
    parameters = _parameters(seed, tickets, as_of, world_seed, without)
    partial, former = (target.with_name(f"{target.name}.{suffix}") for suffix in ("partial", "former"))
    for leftover in (partial, former):
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir(parents=True)
    delivered = _write_company(partial, parameters, as_of, without)
    (partial / MARKER).write_text(_json(parameters), encoding="utf-8")
    if target.exists():
        target.rename(former)
    partial.rename(target)
    shutil.rmtree(former, ignore_errors=True)
    return SampleSummary(target, seed, tickets, as_of, delivered)


def _write_company(
    folder: Path, parameters: dict[str, Any], as_of: datetime, without: frozenset[Plant]
) -> dict[str, int]:
    """Simulate the company and write its sources and truth into `folder`; return the rows delivered per feed."""
    seed, tickets, window = parameters["seed"], parameters["tickets"], make_window(as_of)
    world = make_world(found_company(parameters["world_seed"], tickets, window, without), window, without)
    service = serve(seed, world, tickets)
    calls = ring_phones(seed, world, service)
    feelings = feel(seed, world, service)
    loyalty = decide_loyalty(seed, world, service)
    purchases = sell(seed, world, loyalty)
    jobs = plan_jobs(seed, world)
    shifts = make_roster(seed, world, service, jobs, calls)
    surveys = survey(seed, world, service, feelings)
    labor = pay_staff(seed, world, service, jobs, calls)
    operations = run_sites(seed, world, service, jobs)
    books = close_books(world, service, labor, operations)
    places = settle_customers(seed, world.company)
    kept = kept_promises(service, first_responses(service, calls), write_log(seed, world, service))
    complaints = complain(seed, world, service, feelings)
    scene = Scene(seed, world, service, number_orders(seed, service), Dirt())

    written = write_sqlite(folder / "crm.sqlite", _tables(scene, places, purchases, jobs, complaints))
    written |= write_files(folder, call_drops.call_files(scene, calls))
    written |= write_files(folder, shift_drops.shift_files(scene, shifts))
    written |= write_files(folder, survey_drops.survey_files(scene, surveys))
    written |= write_files(folder, survey_drops.review_file(scene, review(seed, world, service, feelings)))
    written |= write_files(folder, finance_drops.labor_files(scene, labor))
    written |= write_files(folder, finance_drops.operating_files(scene, operations))
    written |= write_files(folder, finance_drops.ledger_files(scene, books))
    written |= write_files(folder, finance_drops.audit_file(scene, audit(seed, world, service, feelings)))
    dirt = scene.dirt
    for kind, count in written.items():
        dirt.account(_FEEDS[kind]).delivered = count
    _break_lines(folder, dirt)
    truth = {
        "parameters": parameters,
        **_accounts(dirt),
        "facts": planted_facts(world, service, feelings, purchases, loyalty)
        | {"roster": shift_drops.roster_facts(scene, shifts), "coverage": reach(places, service, COVERAGE_KM)},
        "comment_themes": surveys.theme_counts,
        "kpis": kpi_values(world, service, feelings, calls, books, kept),
    }
    (folder / TRUTH).write_text(_json(truth), encoding="utf-8")
    write_csv(folder / REGISTER, register_rows(world, complaints))
    write_csv(folder / TRUE_ISSUES, issue_rows(scene, calls))
    return {feed: account.delivered for feed, account in sorted(dirt.accounts.items())}


def _tables(
    scene: Scene, places: Places, purchases: Purchases, jobs: Jobs, complaints: Complaints
) -> Iterator[tuple[str, Rows]]:
    """Tables of the CRM, one in memory at a time."""
    seed, world, service = scene.seed, scene.world, scene.service
    yield "site", crm_master.site_rows()
    yield "staff", crm_master.staff_rows(scene)
    yield "product", crm_master.product_rows(scene)
    yield "customer", crm_master.customer_rows(scene, places)
    yield "installed_base", crm_master.asset_rows(scene)
    yield "sales_line", crm_master.sales_rows(scene, purchases)
    events = write_log(seed, world, service)
    yield "service_order", crm_tickets.order_rows(scene, events)
    yield "service_log", crm_tickets.log_rows(scene, events)
    del events
    yield "complaint", crm_tickets.complaint_rows(scene, complaints)
    yield "work_visit", crm_field.visit_rows(scene, jobs)
    yield "part_line", crm_field.part_rows(scene)
    yield "part_stock", crm_field.stock_rows(scene)


def _break_lines(folder: Path, dirt: Dirt) -> None:
    for feed, (pattern, text) in _BROKEN_LINES.items():
        files = sorted(folder.glob(pattern))
        with files[len(files) // 3].open("a", encoding="utf-8", newline="") as file:
            file.write(text + "\n")
        dirt.account(feed).delivered += 1
        dirt.reject(feed, "broken_line", 1)


def _accounts(dirt: Dirt) -> Tree:
    return {
        "rows": {feed: asdict(account) | {"landed": account.landed} for feed, account in sorted(dirt.accounts.items())},
        "dirt": {feed: dict(sorted(kinds.items())) for feed, kinds in sorted(dirt.kinds.items())},
    }


def _parameters(seed: int, tickets: int, as_of: datetime, world_seed: int, without: frozenset[Plant]) -> dict[str, Any]:
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of.isoformat()} has no offset; give an instant such as 2026-07-01T00:00:00+08:00")
    return {
        "seed": seed,
        "world_seed": world_seed,
        "tickets": tickets,
        "as_of": as_of.astimezone(ZONE).isoformat(),
        "without": sorted(without),
        "generator": _fingerprint(),
    }


def _fingerprint() -> str:
    """Hash of the generator's own code: other code may write other bytes."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
