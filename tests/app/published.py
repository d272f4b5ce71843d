"""Published files made by hand for the report's tests: the tables come from the dbt contracts, the rows from here.

`write_full` has 18 months of plausible rows, `write_empty` a company that has delivered nothing. Both are the same at
each call.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from app.scope import add_months
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.duckdb_files import quote_identifier
from orchestration.versions.restatements import record_restatements
from tests.app import (
    published_actions,
    published_changes,
    published_feedback,
    published_items,
    published_pages,
    published_past,
    published_plans,
    published_staffing,
    published_warning,
)

ROOT = Path(__file__).resolve().parents[2]
AS_OF = datetime(2026, 6, 20, 16, 0, tzinfo=UTC)
FIRST_MONTH = date(2025, 1, 1)
MONTHS = [add_months(FIRST_MONTH, step) for step in range(18)]
SITES = {"s1": "上海浦东服务站", "s2": "Beijing Haidian", "s3": "广州天河服务站", "s4": "Chengdu <Gaoxin> & *Co*"}
PLACES = ((31.2, 121.5), (39.9, 116.4), (23.1, 113.3), (30.6, 104.1))
FAMILIES = ("air_conditioner", "washing_machine", "refrigerator")
PRIORITIES = ("urgent", "high", "normal", "low")
REGIONS = ("华东", "华南")
CHANNELS = ("phone", "email", "web", "app")
ASPECTS = ("timeliness", "quality", "attitude", "communication", "professionalism", "effectiveness")
COMPONENTS = {
    "labor": ("wage", "bonus", "social_insurance", "training"),
    "parts": ("repair", "replacement", "consumable"),
    "operations": ("rent", "utilities", "transport", "tools"),
}
# A comment as a stranger may write it: it must be shown as text, not obeyed.
HOSTILE_COMMENT = "<img src=x onerror=alert(1)> **bold** $x$ [link](http://example.invalid)"
COMMENTS = (
    "师傅很专业，态度也好。",
    "Waited three days for a part.",
    "Fixed at once, thank you!",
    "配件等了太久",
    HOSTILE_COMMENT,
)
# The feed of this KPI is absent from the full company, so that its card says "not available".
ABSENT_FEED = "part_stock"


def write_full(path: Path) -> Path:
    """Write the company with data to `path`, which it returns."""
    _create(path)
    rng = random.Random(7)  # noqa: S311 - plausible rows, no secrets
    with duckdb.connect(str(path)) as con:
        _tables(con)
        kpis = _registry({ABSENT_FEED})
        _insert(con, "dim_kpis", kpis)
        _insert(
            con,
            "dim_sites",
            (
                {"site_id": i, "site_name": n, "city": n[:2], "is_inferred": False, "latitude": lat, "longitude": lon}
                for (i, n), (lat, lon) in zip(SITES.items(), PLACES, strict=True)
            ),
        )
        _insert(con, "kpi_values", _kpi_values(kpis, rng))
        published_changes.write(con)
        _insert(con, "agg_response_monthly", _response(rng))
        _insert(con, "agg_satisfaction_monthly", _satisfaction(rng))
        _insert(con, "agg_retention_cohorts", _cohorts())
        _insert(con, "agg_cost_composition_monthly", _costs(rng))
        people = _people()
        _insert(con, "dim_technicians", people)
        _insert(con, "dim_scorecard_weights", ({k: v or None for k, v in row.items()} for row in _weights()))
        _insert(con, "agg_technician_scorecards", _scorecards(people, kpis, rng))
        tickets = _tickets(rng)
        _insert(con, "fct_tickets", tickets)
        _insert(con, "fct_sla_outcomes", _promises(tickets))
        published_changes.write_risks(con)
        published_warning.write(con)
        _insert(con, "fct_survey_answers", _answers(rng))
        for table, rows in _of_pages().items():
            _insert(con, table, rows)
        _insert(con, "dim_kpi_subjects", published_items.subjects())
        _insert(con, "kpi_items", published_items.items(tickets))
        published_items.agree(con)
        _feeds(con, {feed for feed in _feed_names() if feed != ABSENT_FEED})
        _gates(con)
        _steps(con)
        con.execute(
            "insert into meta.rejects_summary values ('calls', 'callcentre', 'ended_at', 'no timestamp', 12, '99:99')"
        )
        con.execute(
            "insert into meta.notices values ('calls', 'callcentre', 'new_column', 'calls.csv', 'skill', "
            "'the column skill is new', '20260620T160000Z_test', '2026-06-20 15:00:00')"
        )
        published_past.write(con)
        con.execute("insert into meta.tables select 'marts', 'kpi_values', count(*), 'x' from marts.kpi_values")
    return path


def write_empty(path: Path) -> Path:
    """Write a company without any feed to `path`, which it returns: registry and settings, nothing else."""
    _create(path)
    with duckdb.connect(str(path)) as con:
        _tables(con)
        _insert(con, "dim_kpis", _registry(set(_feed_names())))
        _feeds(con, set())
    return path


def _create(path: Path) -> None:
    build = BuildRecord("20260620T160000Z_test", AS_OF, datetime.now(UTC), "0.1.0", "code", "test", "hash")
    create_build_file(path, build, CompanyRecord("Test & Co", "测试公司", "Asia/Shanghai", "CNY"), previous=None)
    record_restatements(path, None, print)
    with duckdb.connect(str(path)) as con:
        con.execute("update meta.builds set published_at = started_at, duration_seconds = 42")
        con.execute(
            "create table meta.tables (schema_name varchar, table_name varchar, row_count bigint, content_hash varchar)"
        )
        con.execute(
            "create table meta.kpi_columns (kpi_id varchar, schema_name varchar, table_name varchar, "
            "column_name varchar, split_by varchar)"
        )


def _models() -> list[dict[str, Any]]:
    files = sorted((ROOT / "dbt_project" / "models" / "marts").glob("*/_*__models.yml"))
    return [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]


def _tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema marts")
    for model in _models():
        columns = ", ".join(f"{quote_identifier(c['name'])} {c['data_type']}" for c in model["columns"])
        con.execute(f"create table marts.{quote_identifier(model['name'])} ({columns})")


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    frame = pd.DataFrame(list(rows))
    con.register("frame", frame)
    con.execute(f"insert into marts.{quote_identifier(table)} by name select * from frame")
    con.unregister("frame")


def _feed_names() -> list[str]:
    contract = yaml.safe_load((ROOT / "dbt_project/models/staging/_raw__sources.yml").read_text(encoding="utf-8"))
    # The one policy table that a company may not have.
    return [*(table["name"] for table in contract["sources"][0]["tables"]), "improvement_actions"]


def _of_pages() -> dict[str, Iterable[dict[str, Any]]]:
    """The marts of the pages that read tables of their own."""
    sites, periods, last = list(SITES), list(_periods()), AS_OF.date()
    ahead = last + timedelta(days=1)
    segments = published_pages.narrowed(sites, FAMILIES)
    return {
        "agg_fcr_disagreement": published_pages.fcr_disagreement(MONTHS, segments),
        "agg_repeats_by_issue": published_pages.repeats_by_issue(periods, sites, FAMILIES),
        "agg_reasons": published_pages.reasons(periods, segments),
        "fct_episodes": published_pages.episodes(sites, FAMILIES, last),
        "fct_complaints": published_pages.complaints(sites, FAMILIES, last),
        "agg_complaints_monthly": published_pages.complaints_monthly(MONTHS, segments),
        "agg_complaints_by_kind": published_pages.complaints_by_kind(periods, segments),
        "agg_complaint_causes": published_pages.complaint_causes(),
        "agg_audit_scores": published_pages.audit_scores(periods, segments),
        "fct_reviews": published_pages.reviews(sites, FAMILIES, last),
        "agg_feedback_sentiment": published_feedback.sentiment(periods, segments),
        "agg_feedback_themes": published_feedback.themes(periods, segments),
        "agg_feedback_themes_monthly": published_feedback.themes_monthly(MONTHS, segments, MONTHS[-3]),
        "fct_feedback": published_feedback.feedback(sites, FAMILIES, last),
        "fct_feedback_words": published_feedback.words(sites, FAMILIES, last),
        "agg_calls_hourly": published_pages.call_hours(last, random.Random(11)),  # noqa: S311 - no secrets
        "agg_calls_by_hour_of_week": published_pages.call_week(),
        "agg_calls_by_queue": published_pages.calls_by_queue(periods),
        "agg_contact_days": published_staffing.contact_days(sites, ahead),
        "agg_contact_forecasts": published_staffing.forecasts(sites, ahead),
        "agg_forecast_backtests": published_staffing.backtests(sites),
        "agg_agent_gaps_hourly": published_staffing.agent_hours(ahead),
        "agg_staffing_gaps": published_staffing.gaps(sites, MONTHS, ahead),
        "agg_site_layout": published_pages.site_layout(periods, sites),
        "agg_sites_monthly": published_pages.sites_monthly(MONTHS, sites),
        "agg_network_coverage": published_pages.coverage(MONTHS, REGIONS),
        "agg_demand_out_of_reach": published_pages.out_of_reach(),
        "agg_parts_sites_monthly": published_pages.parts_sites(MONTHS, sites),
        "agg_part_levers_monthly": published_pages.part_levers(MONTHS),
        "agg_demand_places": published_plans.demand_places(),
        "agg_demand_distances": published_plans.demand_distances(),
        "agg_demand_reach": published_plans.demand_reach(),
        "agg_travel_by_distance": published_plans.travel_by_distance(),
        "agg_part_frontier": published_plans.frontier(sites),
        "agg_part_base_stock": published_plans.base_stock(sites, published_pages.PARTS),
        "agg_visits_lost": published_plans.visits_lost(periods, sites, published_pages.PARTS),
        "agg_stage_durations_monthly": published_pages.stages(MONTHS, segments),
        "agg_resolution_survival": published_pages.survival(segments),
        "agg_requests_by_hour_of_week": published_pages.request_week(CHANNELS),
        "agg_sla_due_hourly": published_pages.due_hours(sites, last),
        "agg_survey_funnel": published_pages.survey_funnel(periods, segments),
        "agg_satisfaction_scores": published_pages.satisfaction_scores(MONTHS, segments, ASPECTS),
        "agg_cost_change_effects": published_pages.cost_change(periods),
        "agg_class_scores": published_pages.class_scores(periods, sites, REGIONS),
        "agg_labor_levers_monthly": published_pages.labor_levers(MONTHS, sites),
        "agg_requests_by_kind_monthly": published_pages.requests_by_kind(MONTHS),
        "dim_reference_values": published_pages.reference_values(),
        "agg_cost_reconciliation_monthly": published_pages.reconciliation(MONTHS, sites),
        "agg_customer_flows": published_pages.customer_flows(periods),
        "fct_improvement_actions": published_actions.actions(sites, last),
        "agg_action_effects": published_actions.effects(sites, last),
        "agg_action_months": published_actions.action_months(sites, MONTHS),
        "agg_action_funnel": published_actions.funnel(sites),
        "agg_drivers": published_pages.drivers(),
        "agg_driver_responses": published_pages.driver_responses(),
        "agg_churn_hazards": published_pages.churn_hazards(),
        "agg_value_at_risk": published_pages.values_at_risk(),
    }


def _registry(absent: set[str]) -> list[dict[str, Any]]:
    """dim_kpis from the project's registry; a KPI is available unless one of its feeds is absent."""
    wanted = [column["name"] for model in _models() if model["name"] == "dim_kpis" for column in model["columns"]]
    with (ROOT / "dbt_project/policies/kpi_registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kpis = []
    for row in rows:
        missing = [one_of for one_of in row["required_feeds"].split() if set(one_of.split("|")) <= absent]
        kpi: dict[str, Any] = {name: row.get(name) for name in wanted}
        for number in ("target", "worst", "best", "weight"):
            kpi[number] = float(row[number]) if row[number] else None
        kpi["valid_to_date"] = row["valid_to_date"] or None
        kpis.append(kpi | {"missing_feeds": " ".join(missing) or None, "is_available": not missing})
    return kpis


def _periods() -> Iterator[tuple[str, date, date]]:
    for grain, months in (("month", 1), ("quarter", 3), ("year", 12)):
        for start in sorted({date(m.year, (m.month - 1) // months * months + 1, 1) for m in MONTHS}):
            yield grain, start, add_months(start, months) - timedelta(days=1)
    yield "all", FIRST_MONTH, AS_OF.date()


def _segments() -> list[dict[str, str]]:
    every = {"segment": "all", "site_id": "all", "product_family": "all", "channel": "all", "priority": "all"}
    found = [every]
    found += [every | {"segment": "site", "site_id": site} for site in SITES]
    found += [every | {"segment": "product_family", "product_family": family} for family in FAMILIES]
    found += [
        every | {"segment": "site_and_product_family", "site_id": site, "product_family": family}
        for site in SITES
        for family in FAMILIES
    ]
    found += [every | {"segment": "channel", "channel": channel} for channel in CHANNELS]
    found += [every | {"segment": "priority", "priority": priority} for priority in PRIORITIES]
    return found


def _regions() -> list[dict[str, Any]]:
    """Rows of regions, which have no site and no product family either."""
    (every,) = [segment for segment in _segments() if segment["segment"] == "all"]
    return [every | {"segment": "region", "region": region} for region in REGIONS]


_LEVELS = {
    "share": 0.8,
    "rate": 0.04,
    "per_1000": 1.5,
    "seconds": 30000.0,
    "score": 4.2,
    "points": 35.0,
    "currency": 250000.0,
    "count": 900.0,
    "hours": 3.5,
    "days": 40.0,
    "number": 2.0,
    "ratio": 0.6,
}


def _kpi_values(kpis: list[dict[str, Any]], rng: random.Random) -> Iterator[dict[str, Any]]:
    for kpi in kpis:
        if not kpi["is_available"]:
            continue
        level = kpi["target"] if kpi["target"] else _LEVELS[kpi["unit"]]
        for grain, start, end in _periods():
            for segment in _regions() + [{"region": "all"} | segment for segment in _segments()]:
                value = level * rng.uniform(0.9, 1.08)
                size = rng.randint(40, 900)
                spread = abs(value) * 1.5 / math.sqrt(size)
                status = rng.choice(("on_target", "near_target", "off_target")) if kpi["target"] else "no_target"
                yield segment | {
                    "kpi_id": kpi["kpi_id"], "period_grain": grain, "period_start_date": start, "period_end_date": end,
                    "unit": kpi["unit"], "status": status, "definition_version": "1", "value": value,
                    "numerator": value * size, "denominator": size, "eligible_count": size, "immature_count": 3,
                    "censored_count": 2, "excluded_count": 1, "excluded_reason": "merged",
                    "interval_low": value - spread, "interval_high": value + spread,
                    "target": kpi["target"], "is_complete": end < AS_OF.date(), "as_of_at": AS_OF.replace(tzinfo=None),
                    "trust": "ok",
                }  # fmt: skip


def _response(rng: random.Random) -> Iterator[dict[str, Any]]:
    for month in MONTHS:
        for segment in _segments():
            tickets = rng.randint(60, 400)
            median = rng.uniform(4, 9) * 3600
            open_count = 20 if month == MONTHS[-1] else 1
            yield segment | {
                "month_start_date": month, "ticket_count": tickets, "answered_count": tickets - open_count,
                "waiting_count": open_count, "resolved_count": tickets - open_count - 2, "open_count": open_count,
                "first_response_mean_seconds": median * 1.4, "first_response_median_seconds": median,
                "first_response_p90_seconds": median * 3, "resolution_median_seconds": median * 8,
                "resolution_p90_seconds": median * 20, "first_response_open_share": open_count / tickets,
                "resolution_open_share": open_count / tickets,
            }  # fmt: skip


def _satisfaction(rng: random.Random) -> Iterator[dict[str, Any]]:
    questions = [("csat", "overall", 5), ("nps", "overall", 10), ("ces", "overall", 7)]
    questions += [("aspect", aspect, 5) for aspect in ASPECTS]
    for month in MONTHS:
        for segment in _segments():
            if segment["segment"] in ("channel", "priority"):
                continue
            for question, aspect, scale in questions:
                answers, share = rng.randint(8, 200), rng.uniform(0.6, 0.92)
                nps = rng.uniform(15, 50) if question == "nps" else None
                yield {key: segment[key] for key in ("segment", "site_id", "product_family")} | {
                    "month_start_date": month, "question_kind": question, "survey_kind": "transactional",
                    "aspect": aspect, "scale_max": scale, "answer_count": answers, "promoter_count": 1,
                    "detractor_count": 1, "top_box_count": int(share * answers), "mean_score": share * scale,
                    "top_box_share": share, "top_box_low": share - 0.06, "top_box_high": share + 0.05, "nps": nps,
                    "nps_low": nps and nps - 9, "nps_high": nps and nps + 9,
                }  # fmt: skip


def _cohorts() -> Iterator[dict[str, Any]]:
    for activity in ("purchase", "service"):
        for form, more in (("n_period", 1.0), ("unbounded", 1.3)):
            for first, cohort in enumerate(MONTHS):
                size = 180 + 7 * first
                for number, month in enumerate(MONTHS[first:]):
                    kept = 1.0 if number == 0 else min(1.0, more * (0.34 + 0.004 * first) * math.exp(-number / 14))
                    yield {
                        "source": "all", "activity": activity, "retention_form": form, "cohort_month_date": cohort,
                        "period_number": number, "last_period_number": number if form == "n_period" else None,
                        "cohort_size": size, "active_count": round(size * kept), "amount": 100 * size * kept,
                        "cohort_amount": 100 * size, "retention_share": kept, "money_ratio": kept,
                        "is_complete": month != MONTHS[-1], "period_start_date": month,
                    }  # fmt: skip


def _costs(rng: random.Random) -> Iterator[dict[str, Any]]:
    for month in MONTHS:
        for segment in _segments():
            if segment["segment"] in ("channel", "priority"):
                continue
            amounts = {
                (group, component): rng.uniform(4000, 60000)
                for group, components in COMPONENTS.items()
                for component in components
            }
            total = sum(amounts.values())
            for (group, component), amount in amounts.items():
                yield {key: segment[key] for key in ("segment", "site_id", "product_family")} | {
                    "month_start_date": month, "cost_group": group, "component": component, "amount": round(amount, 4),
                    "unallocated_amount": round(amount * 0.12, 4), "share": amount / total,
                }  # fmt: skip


def _people() -> list[dict[str, Any]]:
    return [
        {
            "technician_id": f"t{number:02}",
            "technician_name": f"{'王李张刘陈'[number % 5]}师傅 {number:02}",
            "work_role": "agent" if number >= 16 else "technician",
            "site_id": list(SITES)[number % 4],
            "is_inferred": False,
        }
        for number in range(20)
    ]


def _weights() -> list[dict[str, str]]:
    with (ROOT / "dbt_project/policies/scorecard_weights.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _scorecards(
    people: list[dict[str, Any]], kpis: list[dict[str, Any]], rng: random.Random
) -> Iterator[dict[str, Any]]:
    available = {kpi["kpi_id"]: kpi for kpi in kpis if kpi["is_available"]}
    for grain, start, end in _periods():
        if grain == "all":
            continue
        for person in people:
            # Two newcomers have few items: no total, no band.
            is_enough = person["technician_id"] not in ("t03", "t11")
            total = rng.uniform(55, 99) if is_enough else None
            band = None if total is None else next((b for b in (95, 90, 80, 70) if total >= b), "below_70")
            for weight in _weights():
                kpi = available.get(weight["kpi_id"])
                if kpi is None or weight["work_role"] != person["work_role"]:
                    continue
                value = (kpi["target"] or _LEVELS[kpi["unit"]]) * rng.uniform(0.85, 1.1)
                is_compared = is_enough and weight["is_case_mix_adjusted"] == "true"
                comparison = rng.choice(("better", "worse", "as_expected")) if is_compared else "not_compared"
                yield {key: person[key] for key in ("technician_id", "technician_name", "work_role", "site_id")} | {
                    "period_grain": grain, "period_start_date": start, "period_end_date": end,
                    "kpi_id": kpi["kpi_id"], "band": None if band is None else str(band),
                    "comparison": comparison if is_enough else "not_enough_data", "minimum_sample": 10,
                    "value": value, "numerator": value, "denominator": 1, "eligible_count": 40 if is_enough else 4,
                    "interval_low": value * 0.9, "interval_high": value * 1.1, "target": kpi["target"],
                    "score": rng.random(), "weight": float(weight["weight"]),
                    "expected_value": value * 1.02 if is_compared else None,
                    "adjusted_value": value * 1.01 if is_compared else None,
                    "rank_low": 2 if is_compared else None, "rank_high": 9 if is_compared else None,
                    "ranked_count": 14 if is_compared else None, "total_score": total,
                    "total_rank_low": 3 if is_enough else None, "total_rank_high": 8 if is_enough else None,
                    "total_ranked_count": 14 if is_enough else None, "is_enough_data": is_enough,
                    "is_complete": end < AS_OF.date(), "as_of_at": AS_OF.replace(tzinfo=None),
                }  # fmt: skip


def _tickets(rng: random.Random) -> list[dict[str, Any]]:
    as_of = AS_OF.replace(tzinfo=None)
    return [
        {
            "ticket_id": f"crm:T{number:04}", "source": "crm", "product_family": rng.choice(FAMILIES),
            "site_id": rng.choice(list(SITES)), "technician_id": f"t{number % 20:02}", "channel": rng.choice(CHANNELS),
            "priority": rng.choice(PRIORITIES), "issue_family": "cooling", "status": "open", "exit_kind": "open",
            "first_response_state": "waiting", "reopen_count": 0, "is_resolved": False, "is_reopened": False,
            "is_time_fault": False, "created_date": as_of.date(), "created_at": as_of - timedelta(hours=number),
        }
        for number in range(60)
    ]  # fmt: skip


def _promises(tickets: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for ticket in tickets:
        due = ticket["created_at"] + timedelta(hours=24)
        margin = int((due - AS_OF.replace(tzinfo=None)).total_seconds())
        shared = {
            key: ticket[key]
            for key in ("ticket_id", "source", "product_family", "site_id", "technician_id", "channel", "priority")
        }
        yield shared | {
            "metric": "first_response", "outcome": "breached_open" if margin < 0 else "pending", "due_source": "policy",
            "subject_id": ticket["ticket_id"], "target_seconds": 86400, "margin_seconds": margin,
            "is_eligible": margin < 0, "is_running": True, "due_at": due, "due_date": due.date(),
        }  # fmt: skip


def _answers(rng: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(80):
        day = AS_OF.date() - timedelta(days=number)
        score = rng.randint(1, 5)
        yield {
            "answer_id": f"a{number:03}", "source": "surveys", "site_id": rng.choice(list(SITES)),
            "product_family": rng.choice(FAMILIES), "channel": "phone", "priority": "normal", "question_kind": "csat",
            "survey_kind": "transactional", "aspect": "overall", "comment": COMMENTS[number % len(COMMENTS)],
            "language": "zh", "raw_score": score, "scale_min": 1, "scale_max": 5, "is_valid": True, "is_latest": True,
            "is_top_box": score >= 4, "answered_date": day, "answered_at": datetime(day.year, day.month, day.day, 4),
        }  # fmt: skip


def _feeds(con: duckdb.DuckDBPyConnection, connected: set[str]) -> None:
    landed = AS_OF.replace(tzinfo=None)
    for feed in _feed_names():
        if feed in connected:
            row = [feed, True, "crm", 990, 1000, 4, 1, 5, landed]
        else:
            row = [feed, False, None, 0, 0, 0, 0, 0, None]
        con.execute("insert into meta.feeds values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _steps(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select build_id from meta.builds").fetchall()
    steps = [
        ("extract:tickets", "extract", 2.5, 1000, 990, 5),
        ("gate_1", "gate", 4.25, None, None, None),
        ("models", "models", 30.0, None, None, None),
        *((f"model_{number:02}", "model", float(number), None, number, None) for number in range(12)),
    ]
    for step, kind, seconds, rows_in, rows_out, rejected in steps:
        con.execute(
            "insert into meta.steps values (?, ?, ?, ?, ?, ?, 400000000, ?, ?, ?)",
            [*found[0], step, kind, AS_OF.replace(tzinfo=None), seconds, seconds, rows_in, rows_out, rejected],
        )


def _gates(con: duckdb.DuckDBPyConnection) -> None:
    build_id = "20260620T160000Z_test"
    for number in range(30):
        is_success = number != 17
        con.execute(
            "insert into meta.gates values "
            "(?, ?, 'raw', 'tickets', 'priority', ?, ?, ?, '3', 1000, ?, '[]', ?, ['priority'])",
            [
                build_id,
                "gate_1" if number < 20 else "gate_2",
                f"expect_column_values_to_be_in_set #{number:02}",
                "stop" if is_success else "warn",
                is_success,
                0 if is_success else 3,
                "" if is_success else "raw.tickets.priority: 3 of 1000 values are not in the set",
            ],
        )
