"""What a row of limits does: loosens, tightens, turns into a warning, ends; and what a mistaken one says."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from expectations.gate import check_limits, run_gate
from expectations.limits import Limits
from expectations.results import GateReport
from orchestration.extract.batch import POLICIES_DIR
from orchestration.extract.contract import read_contract
from orchestration.extract.errors import FeedStoppedError
from orchestration.extract.landing import land_feed, prepare_ingest
from orchestration.extract.profile import load_profile
from orchestration.gate_limits import read_limits
from tests.company import ROOT
from tests.expectations.changes_1 import GOOD
from tests.expectations.tables import AS_OF, NOON, feed_specs, good_row, mart_specs, own_limit, shipped_limits, write

GUIDE = ROOT / "docs" / "gates.md"
HEADER = (
    "gate,table_name,column_name,expectation,severity,tolerated_share,lowest,highest,minimum_count,"
    "valid_from_date,valid_to_date,reason"
)


def kpi_ids() -> list[str]:
    with (POLICIES_DIR / "kpi_registry.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["kpi_id"] for row in csv.DictReader(file)})


def mistakes(limits: Limits) -> list[str]:
    found = [
        *check_limits(limits, "gate_1", list(feed_specs().values()), as_of=AS_OF, kpi_ids=kpi_ids()),
        *check_limits(limits, "gate_2", list(mart_specs().values()), as_of=AS_OF, kpi_ids=kpi_ids()),
    ]
    assert all(outcome.severity == "stop" and not outcome.is_success for outcome in found)
    return [outcome.message for outcome in found]


def test_every_row_that_ships_names_an_expectation() -> None:
    assert mistakes(shipped_limits()) == []


@pytest.mark.parametrize(
    ("row", "says", "message"),
    [
        (
            ("gate_1", "tickets", "resolved_att", "not_less_than_created_at"),
            {"severity": "warn"},
            "tickets resolved_att not_less_than_created_at names no expectation of gate_1; "
            "the nearest are tickets resolved_at not_less_than_created_at; ",
        ),
        (("gate_1", "tikets", "*", "row_count"), {"lowest": 5.0}, "the nearest tables are tickets, "),
        (("gate_1", "tickets", "*", "columns"), {"severity": "warn"}, "what can be set is nothing"),
        (
            ("gate_1", "tickets", "status", "not_null"),
            {"highest": 5.0},
            "has no highest; what can be set is doubted_share, severity, ",
        ),
        (("gate_1", "tickets", "status", "not_null"), {}, "says nothing"),
        (("gate_1", "tickets", "created_att", "fresh"), {"highest": 5.0}, "tickets created_at fresh"),
        (("gate_2", "kpi_values", "npss", "as_before"), {"highest": 5.0}, "kpi_values nps as_before"),
    ],
)
def test_a_row_that_names_nothing_is_a_mistake(
    row: tuple[str, str, str, str], says: dict[str, Any], message: str
) -> None:
    (found,) = mistakes(own_limit(*row, **says))
    assert found.startswith("own.csv:2: ")
    assert message in found


def tickets(tmp_path: Path, limits: Limits, *, late: int, as_of: datetime = AS_OF) -> GateReport:
    """Twenty tickets, of which so many were followed up before they were resolved."""
    spec = feed_specs()["tickets"]
    rows = [good_row(spec, number) | GOOD.get("tickets", {}) for number in range(20)]
    for row in rows[:late]:
        row["followed_up_at"] = NOON - timedelta(hours=1)
    path = tmp_path / "ingest.duckdb"
    path.unlink(missing_ok=True)
    return run_gate("gate_1", write(path, [(spec, rows)]), [spec], limits=limits, as_of=as_of)


def verdict(report: GateReport) -> str:
    found = [o.severity for o in report.outcomes if o.expectation == "not_less_than_resolved_at" and not o.is_success]
    late = [o for o in report.outcomes if o.column_name == "followed_up_at" and not o.is_success]
    return late[0].severity if found and late else "passed"


def test_a_company_loosens_tightens_and_warns(tmp_path: Path) -> None:
    """Ours tolerates a tenth of the tickets."""
    row = ("gate_1", "tickets", "followed_up_at", "not_less_than_resolved_at")
    assert verdict(tickets(tmp_path, shipped_limits(), late=0)) == "passed"
    assert verdict(tickets(tmp_path, shipped_limits(), late=2)) == "warn"
    assert verdict(tickets(tmp_path, shipped_limits(), late=3)) == "stop"
    assert verdict(tickets(tmp_path, own_limit(*row, tolerated_share=0.5), late=3)) == "warn"
    assert verdict(tickets(tmp_path, own_limit(*row, tolerated_share=0.05), late=2)) == "stop"
    assert verdict(tickets(tmp_path, own_limit(*row, severity="warn"), late=20)) == "warn"


def test_a_company_withholds_above_what_it_tolerates(tmp_path: Path) -> None:
    row = ("gate_1", "tickets", "followed_up_at", "not_less_than_resolved_at")
    limits = own_limit(*row, severity="withhold", tolerated_share=0.1)
    for late, expected in ((3, "withhold"), (2, "warn")):
        folder = tmp_path / str(late)
        folder.mkdir()
        report = tickets(folder, limits, late=late)
        assert report.passed
        (found,) = [o for o in report.warnings if o.expectation == "not_less_than_resolved_at"]
        assert (found.severity, found.guards) == (expected, ("followed_up_at", "resolved_at"))
        assert ("WITHHOLDS" in report.summary()) is (expected == "withhold")


def test_few_rows_at_fault_put_no_kpi_in_doubt(tmp_path: Path) -> None:
    row = ("gate_1", "tickets", "followed_up_at", "not_less_than_resolved_at")
    for late, share, guards in (
        (2, 0.1, ()),
        (2, 0.09, ("followed_up_at", "resolved_at")),
        # What withholds does so whatever else the row says.
        (3, 1.0, ("followed_up_at", "resolved_at")),
    ):
        severity = "withhold" if share == 1 else "warn"
        tolerated = 0.1 if share == 1 else None
        limits = own_limit(*row, severity=severity, tolerated_share=tolerated, doubted_share=share)
        (found,) = [
            o for o in tickets(tmp_path, limits, late=late).warnings if o.expectation == "not_less_than_resolved_at"
        ]
        assert found.guards == guards
        assert ("up to 10% put no KPI in doubt" in found.message) is (guards == ())


def test_of_a_pair_what_every_row_must_have_is_not_in_doubt(tmp_path: Path) -> None:
    spec = feed_specs()["tickets"]
    row = good_row(spec, 0) | GOOD.get("tickets", {}) | {"first_response_at": NOON - timedelta(hours=1)}
    report = run_gate("gate_1", write(tmp_path / "ingest.duckdb", [(spec, [row])]), [spec], limits=shipped_limits())
    (found,) = [o for o in report.outcomes if o.expectation == "not_less_than_created_at" and not o.is_success]
    assert found.guards == ("first_response_at",)


def test_a_row_of_a_company_wins_though_it_is_less_exact(tmp_path: Path) -> None:
    limits = own_limit("gate_1", "*", "*", "not_less_than_resolved_at", severity="warn")
    assert verdict(tickets(tmp_path, limits, late=20)) == "warn"


def test_a_tolerance_ends_with_its_last_day(tmp_path: Path) -> None:
    row = ("gate_1", "tickets", "followed_up_at", "not_less_than_resolved_at")
    limits = own_limit(*row, severity="warn", valid_from=AS_OF.date(), valid_to=AS_OF.date())
    assert verdict(tickets(tmp_path, limits, late=20)) == "warn"
    assert verdict(tickets(tmp_path, limits, late=20, as_of=AS_OF + timedelta(days=1))) == "stop"


def test_what_no_row_says_is_strict() -> None:
    setting = Limits(()).of("gate_1", "tickets", date(2026, 1, 1)).of("anything", "status")
    assert (setting.stop_above, setting.lowest, setting.highest, setting.minimum_count) == (0, None, None, 0)


def land(folder: Path, text: str) -> Limits:
    """Land our limits and those of a company whose file says `text`, as a build does."""
    (folder / "limits.csv").write_text(text, encoding="utf-8")
    profile_file = folder / "own.yml"
    profile_file.write_text(f"extends: sample\nname: own\npolicies:\n  gate_limits: {folder}/limits.csv\n")
    profile = load_profile(profile_file, os.environ, profile_data=folder)
    feed, ingest = read_contract()["gate_limits"], folder / "landed.duckdb"
    prepare_ingest(ingest, {"gate_limits": feed})
    land_feed(ingest, feed, profile, batch_id="b", landed_at=datetime(2026, 1, 5, tzinfo=UTC), log=lambda _: None)
    return read_limits(ingest)


def test_rows_of_a_company_are_added_and_replace_those_of_their_key(tmp_path: Path) -> None:
    row = "gate_1,tickets,followed_up_at,not_less_than_resolved_at,stop,0.3,,,,1990-01-01,,same key as ours"
    limits = land(tmp_path, f"{HEADER}\n{row}\n")
    assert len(limits.rows) == len(shipped_limits().rows)
    (own,) = [each for each in limits.rows if each.is_own]
    assert own.tolerated_share == 0.3
    assert own.place == "limits.csv:2"


def test_a_mistaken_file_is_not_landed(tmp_path: Path) -> None:
    rows = [
        "gate_3,tickets,*,row_count,stop,,5,,,2026-01-01,,no such gate",
        "gate_1,tickets,status,not_null,stop,1.5,,,,2026-01-01,,no share",
    ]
    with pytest.raises(FeedStoppedError, match=r"(?s)limits.csv:2.*gate_3.*limits.csv:3.*found 1.5, expected a share"):
        land(tmp_path, "\n".join([HEADER, *rows, ""]))


def test_the_guides_example_does_what_the_guide_says(tmp_path: Path) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    limits = land(tmp_path, example)
    assert mistakes(replace(limits, rows=tuple(row for row in limits.rows if row.is_own))) == []
    assert verdict(tickets(tmp_path, shipped_limits(), late=4)) == "stop"
    assert verdict(tickets(tmp_path, limits, late=4)) == "warn"
    assert verdict(tickets(tmp_path, limits, late=20)) == "stop"
    assert verdict(tickets(tmp_path, limits, late=4, as_of=datetime(2026, 4, 1))) == "stop"
