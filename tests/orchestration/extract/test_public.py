"""The real data sets, landed by the shipped profile alone: every quirk that their README lists, and its figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from orchestration.extract.profile import load_profile
from tests.company import ROOT, SHARED_DATA

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, FeedResult], dict[str, FeedResult]]:
    """The public company, landed twice: the ingest file, and the results of both times."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the public data sets are not here: {SHARED_DATA} (set AFTERSALES_PUBLIC_DATA)")
    folder = tmp_path_factory.mktemp("public")
    ingest_file = folder / "ingest.duckdb"
    contract = read_contract()
    profile = load_profile(
        ROOT / "orchestration" / "profiles" / "public.yml",
        {"AFTERSALES_PUBLIC_DATA": str(SHARED_DATA)},
        profile_data=folder,
    )
    prepare_ingest(ingest_file, contract)

    def land(batch_id: str) -> dict[str, FeedResult]:
        return {
            name: land_feed(
                ingest_file,
                contract[name],
                profile,
                batch_id=batch_id,
                landed_at=datetime(2026, 1, 1, tzinfo=UTC),
                log=lambda _: None,
            )
            for name in profile.feeds
        }

    return ingest_file, land("first"), land("second")


@pytest.fixture(scope="module")
def query(landed: tuple[Path, dict[str, FeedResult], dict[str, FeedResult]]) -> Query:
    def run(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(landed[0]), read_only=True) as con:
            return con.execute(sql).fetchall()

    return run


def source(path: str, delimiter: str = ",") -> str:
    """The file as it was delivered, for DuckDB to read apart from our own reader."""
    return f"read_csv('{SHARED_DATA / path}', all_varchar = true, header = true, delim = '{delimiter}')"


SERVICENOW = source("servicenow_incidents/incident_event_log.csv.gz")
BANK = source("bank_calls/february1999.txt.gz", "\t")
SUPPORT = source("technical_support/technical_support.csv")
WORKORDERS = source("work_orders/work_orders.csv")
RETAIL = source("online_retail/online_retail.csv.gz")


def test_every_row_has_an_outcome_and_nothing_lands_twice(
    landed: tuple[Path, dict[str, FeedResult], dict[str, FeedResult]],
) -> None:
    _, first, second = landed
    assert {name: (r.delivered, r.row_count, r.rejected) for name, r in first.items()} == {
        "tickets": (141_712 + 2_330, 24_918 + 2_330, 0),
        "ticket_events": (141_712, 141_712, 0),
        "technicians": (2 * 141_712 + 33_344 + 2_330 + 1_000, 488, 0),
        "sites": (141_712 + 2_330 + 1_000, 89, 0),
        "calls": (33_344, 33_344, 0),
        "survey_answers": (2_330, 1_173, 0),
        "visits": (1_000, 1_000, 0),
        "part_lines": (1_000, 1_000, 0),
        "purchases": (541_909, 541_909, 0),
        "customers": (541_909, 4_372, 0),
        "products": (541_909 + 2_330, 3_942, 0),
    }
    assert {name: (r.delivered, r.row_count) for name, r in second.items()} == {
        name: (0, r.row_count) for name, r in first.items()
    }


def test_sources_that_feed_one_table_keep_their_ids_apart(query: Query) -> None:
    assert query("select count(*) from raw.tickets where not starts_with(ticket_id, _source || ':')") == [(0,)]
    assert query("select count(distinct _source) from raw.technicians") == [(4,)]


def test_servicenow_dates_are_day_first_without_padding(query: Query) -> None:
    """Month-first parsing silently moves thousands of dates."""
    day_first = "strptime({}, '%d/%m/%Y %H:%M')"
    assert query(
        f"select count(*) from raw.ticket_events inner join {SERVICENOW} as log on ticket_id = 'servicenow:' || number "
        f"and sequence_number = cast(sys_mod_count as bigint) and occurred_at = {day_first.format('sys_updated_at')}"
    ) == [(141_712,)]
    assert query("select count(*) from raw.tickets where updated_at < created_at and _source = 'servicenow'") == [(0,)]


def test_a_servicenow_incident_is_its_last_event(query: Query) -> None:
    differing = f"""
        with last_events as (
            select
                'servicenow:' || number as ticket_id,
                arg_max(made_sla, (cast(sys_mod_count as bigint), strptime(sys_updated_at, '%d/%m/%Y %H:%M'))) as sla,
                max(cast(sys_mod_count as bigint)) as version
            from {SERVICENOW}
            group by number
        )
        select count(*), count(*) filter (
            version_number is distinct from version
            or source_resolution_sla is distinct from case sla when 'true' then 'met' else 'breached' end
        )
        from last_events
        left join raw.tickets using (ticket_id)
    """
    assert query(differing) == [(24_918, 0)]


def test_made_sla_true_means_met(query: Query) -> None:
    """Its documentation says the opposite; incidents that were met were resolved much sooner."""
    (met, hours_met), (breached, hours_breached) = query(
        "select source_resolution_sla, median(date_diff('hour', created_at, resolved_at)) from raw.tickets "
        "where _source = 'servicenow' group by 1 order by 1 desc"
    )
    assert (met, breached) == ("met", "breached")
    assert hours_met < hours_breached


def test_a_question_mark_is_nothing_and_inner_spaces_stay(query: Query) -> None:
    assert query("select count(*) from raw.ticket_events where technician_id is null") == [(27_496,)]
    assert query("select count(*) from raw.tickets where contains(customer_id, '?') or symptom = '?'") == [(0,)]
    assert query("select count(*) from raw.ticket_events where author_id like 'servicenow:Updated by %'") == [
        (141_712,)
    ]


def test_the_undocumented_state_is_open(query: Query) -> None:
    assert query(
        f"select count(*), count(*) filter (status = 'open') from raw.ticket_events, "
        f"(select number, sys_mod_count from {SERVICENOW} where incident_state = '-100') as odd "
        "where ticket_id = 'servicenow:' || number and sequence_number = cast(sys_mod_count as bigint)"
    ) == [(5, 5)]


def test_servicenow_events_tell_what_changed(query: Query) -> None:
    assert query(
        "select event_kind, status, sequence_number from raw.ticket_events "
        "where ticket_id = 'servicenow:INC0000062' order by sequence_number"
    ) == [
        ("created", "new", 0),
        ("priority_changed", "new", 1),
        ("assigned", "new", 2),
        ("updated", "new", 3),
        ("updated", "new", 4),
        ("updated", "new", 5),
        ("resolved", "resolved", 6),
        ("closed", "closed", 7),
    ]
    assert query("select count(*), count(distinct ticket_id) from raw.ticket_events where event_kind = 'created'") == [
        (24_918, 24_918)
    ]


def test_bank_calls_by_outcome_and_their_key(query: Query) -> None:
    assert query("select outcome, count(*), count(distinct call_id) from raw.calls group by 1 order by 1") == [
        ("abandoned", 5_904, 5_904),
        ("answered", 27_162, 27_162),
        ("phantom", 278, 278),
    ]


def test_bank_customer_0_and_no_server_are_unknown(query: Query) -> None:
    assert query("select count(*) from raw.calls where customer_id is null") == query(
        f"select count(*) from {BANK} where customer_id = '0'"
    )
    assert query("select count(*) from raw.calls where outcome = 'answered' and agent_id is null") == [(491,)]
    assert query("select count(*) from raw.calls where agent_id like '%NO_SERVER%'") == [(0,)]


def test_bank_midnight_means_never_and_calls_cross_it(query: Query) -> None:
    # 23:59:43 to 0:01:28 of the next day, two hours ahead of UTC.
    assert query(
        "select offered_at, answered_at, ended_at, talk_seconds from raw.calls "
        "where call_id = 'bank:990220-AA0102-31307'"
    ) == [(datetime(1999, 2, 20, 21, 59, 43), datetime(1999, 2, 20, 21, 59, 43), datetime(1999, 2, 20, 22, 1, 28), 105)]
    assert query("select count(*) from raw.calls where outcome = 'answered' and answered_at is null") == [(50,)]
    assert query("select count(*) from raw.calls where ended_at < answered_at or ended_at < offered_at") == [(0,)]
    assert query("select max(date_diff('minute', offered_at, ended_at)) < 120 from raw.calls") == [(True,)]


def test_bank_negative_menu_times_are_left_out_and_their_calls_count(query: Query) -> None:
    assert query("select count(*), min(ivr_seconds) >= 0 from raw.calls where ivr_seconds is null") == [(25, None)]
    assert query("select min(ivr_seconds) >= 0, min(queue_seconds) >= 0 from raw.calls") == [(True, True)]


def test_support_labels_stay_beside_the_timestamps_they_disagree_with(query: Query) -> None:
    assert query(
        "select source_first_response_sla, count(*) from raw.tickets where _source = 'support' group by 1 order by 1"
    ) == [("breached", 311), ("met", 2_019)]
    assert query(
        "select source_resolution_sla, count(*) from raw.tickets where _source = 'support' group by 1 order by 1"
    ) == [("breached", 783), ("met", 1_547)]
    assert query(
        f"select count(*) from raw.tickets inner join {SUPPORT} as s on ticket_id = 'support:' || s.\"Ticket ID\" "
        'where created_at = cast(s."Created time" as timestamp) '
        'and first_response_at is not distinct from cast(s."First response time" as timestamp) '
        'and first_response_due_at = cast(s."Expected SLA to first response" as timestamp) '
        'and resolved_at is not distinct from cast(s."Resolution time" as timestamp) '
        'and closed_at is not distinct from cast(s."Close time" as timestamp)'
    ) == [(2_330,)]
    # Answers before creation are facts of the source: they are landed as they are.
    assert query("select count(*) from raw.tickets where first_response_at < created_at") == [(2,)]


def test_support_survey(query: Query) -> None:
    assert query(
        "select count(*), round(avg(raw_score), 5), min(raw_score), max(raw_score) from raw.survey_answers"
    ) == [(1_173, 3.51066, 1, 5)]


def test_every_work_order_costs_what_its_workbook_says(query: Query) -> None:
    assert query(
        f"""
        select
            count(*),
            count(*) filter (
                abs(coalesce(on_site_minutes, 0) / 60 * labor_rate_amount + unit_cost_amount
                    - cast("TotalCost" as double)) < 0.0001
            ),
            count(*) filter (
                abs(coalesce(labor_fee_amount, 0) + parts_fee_amount - cast("TotalFee" as double)) < 0.0001
            )
        from raw.visits
        inner join raw.part_lines using (visit_id)
        inner join {WORKORDERS} as workbook on visit_id = 'workorders:' || workbook."WO"
        """
    ) == [(1_000, 1_000, 1_000)]


def test_open_work_orders_have_no_work_date_and_blanks_mean_no(query: Query) -> None:
    assert query("select outcome, count(*), count(completed_at) from raw.visits group by 1 order by 1") == [
        ("completed", 858, 858),
        ("open", 142, 0),
    ]
    assert query(
        "select count(*) filter (is_rush), count(*) filter (is_labor_warranty), count(*) filter (is_parts_warranty), "
        "count(*) filter (is_rush is null or is_labor_warranty is null or is_parts_warranty is null) from raw.visits"
    ) == [(103, 41, 94, 0)]


def test_retail_lines_are_all_kept_equal_ones_too(query: Query) -> None:
    columns = "order_id, customer_id, product_id, quantity, unit_price_amount, country, purchased_at"
    assert query(f"select count(*) - count(distinct ({columns})) > 0 from raw.purchases") == [(True,)]
    assert query("select purchase_kind, count(*), sum(quantity) < 0 from raw.purchases group by 1 order by 1") == [
        ("cancellation", 9_288, True),
        ("order", 532_621, False),
    ]
    assert query("select count(*) from raw.purchases where unit_price_amount = 0") == [(2_515,)]
    assert query("select count(*) from raw.purchases where customer_id is null") == [(541_909 - 406_829,)]
    assert query(
        f'select sum(quantity * unit_price_amount) - (select sum(cast("Quantity" as bigint) * '
        f'cast("UnitPrice" as decimal(18, 4))) from {RETAIL}) from raw.purchases'
    ) == [(0,)]


def test_retail_customers_and_their_months_are_those_of_the_published_table(query: Query) -> None:
    """The published rule: quantity and price above 0, customer known. A zone that moved months would show here."""
    good = "quantity > 0 and unit_price_amount > 0 and customer_id is not null"
    assert query(f"select count(distinct customer_id) from raw.purchases where {good}") == [(4_338,)]
    cells = query(
        f"""
        with months as (
            select distinct customer_id, date_trunc('month', purchased_at) as month from raw.purchases where {good}
        ),
        cohorts as (select *, min(month) over (partition by customer_id) as cohort from months)
        select strftime(cohort, '%Y-%m'), date_diff('month', cohort, month) + 1, count(*)
        from cohorts
        group by cohort, month
        order by cohort, month
        """
    )
    with (SHARED_DATA / "online_retail" / "published_cohort_counts.csv").open(newline="") as stream:
        published = [
            (row["cohort_month"], int(number), int(count))
            for row in csv.DictReader(stream)
            for number, count in row.items()
            if number != "cohort_month" and count
        ]
    assert len(published) == 91
    assert cells == published
