"""The early warning of the sample company: it knows nothing that came later, finds what is planted, and says what it
cannot tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd
import pytest

from bench.silence_warning import alarms
from orchestration.analysis.risks import CUSTOMER_RISKS, TICKET_RISKS, score
from tests.company import Company
from tests.dbt_project.rendered import model_sql

READ = (
    "dim_sla_policies", "fct_complaints", "fct_part_lines", "fct_purchases", "fct_sla_outcomes",
    "fct_ticket_resolutions", "fct_ticket_stages", "fct_tickets", "fct_visits",
)  # fmt: skip
# What a build at the instant `then` would have had in its marts: what begins later is not there, and what ends later is
# not known to end.
_FORGET = """
delete from fct_tickets where created_at > past();
update fct_tickets set first_response_at = null where first_response_at > past();
update fct_tickets set first_resolved_at = null where first_resolved_at > past();
delete from fct_ticket_stages where entered_at > past();
update fct_ticket_stages set left_at = null, duration_seconds = null where left_at > past();
delete from fct_visits where requested_at > past();
update fct_visits set completed_at = null where completed_at > past();
delete from fct_part_lines where requested_at > past();
update fct_part_lines set delivered_at = null where delivered_at > past();
delete from fct_sla_outcomes where started_at > past();
update fct_sla_outcomes set is_met = null, outcome = 'pending', reached_at = null, due_at = null
where coalesce(if(is_met, reached_at, due_at), past() + interval 1 day) > past();
delete from fct_ticket_resolutions where first_resolved_at > past();
update fct_ticket_resolutions set is_fcr_7d = null where first_resolved_at + interval 7 day > past();
delete from fct_complaints where raised_at > past();
delete from fct_purchases where purchased_at > past();
update stg_build_settings set as_of_at = past();
"""


@pytest.fixture
def marts(sample_company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    """The marts that the early warning reads, free to be changed."""
    with duckdb.connect() as con:
        con.execute(f"attach '{sample_company.current.resolve()}' as version (read_only)")
        for name in READ:
            con.execute(f"create table {name} as from version.marts.{name}")
        con.execute("create table stg_build_settings as select as_of_at from version.meta.settings")
        yield con


def moments(con: duckdb.DuckDBPyConnection, subject: str) -> pd.DataFrame:
    return con.execute(model_sql(f"int_risk_{subject}_moments")).df()


def planted(company: Company) -> Any:
    return json.loads((company.root / "sources" / "truth.json").read_text(encoding="utf-8"))["facts"]


@pytest.mark.parametrize(("subject", "risk"), [("ticket", TICKET_RISKS[0]), ("customer", CUSTOMER_RISKS[0])])
@pytest.mark.parametrize("days", [30, 210])
def test_nothing_that_came_later_is_a_feature(
    marts: duckdb.DuckDBPyConnection, subject: str, risk: Any, days: int
) -> None:
    """A build so many days ago would have told the same of the same instants."""
    key = [f"{subject}_id", "moment_at"]
    now = moments(marts, subject)
    marts.execute(f"create macro past() as (select max(as_of_at) - interval {days} day from version.meta.settings)")
    marts.execute(_FORGET)
    then = moments(marts, subject)
    # The day of as-of is asked about whatever the age.
    both = now[key].merge(then[key])
    assert len(both) > 500
    assert len(both) == (now["days_before"] >= days).sum()
    pd.testing.assert_frame_equal(
        *(both.merge(each)[[*key, *risk.features]].sort_values(key, ignore_index=True) for each in (now, then))
    )


def test_breaches_are_told_better_than_by_any_rate(sample_company: Company) -> None:
    ((verdict, gain_low, auc_low, mean, share),) = sample_company.query(
        "select verdict, brier_gain_low, auc_low, mean_probability, event_share from marts.agg_risk_models "
        "where risk = 'breach'"
    )
    assert verdict == "used"
    assert gain_low > 0.02
    assert auc_low > 0.7
    assert mean == pytest.approx(share, abs=0.05)
    bins = sample_company.query(
        "select mean_probability between event_share_low and event_share_high from marts.agg_risk_calibration "
        "where risk = 'breach' and subject_count >= 50"
    )
    assert len(bins) >= 7
    assert sum(is_met for (is_met,) in bins) >= len(bins) - 1


def test_the_planted_slow_sites_are_judged_likelier_to_breach(
    marts: duckdb.DuckDBPyConnection, sample_company: Company
) -> None:
    rows = moments(marts, "ticket")
    judged = score(rows, TICKET_RISKS[0]).query("not is_now")
    judged = judged.merge(rows, left_on=["subject_id", "moment_at"], right_on=["ticket_id", "moment_at"])
    facts = planted(sample_company)
    is_slow = judged["site_id"].isin([*facts["slow_sites"]["sites"], facts["parts_shortage"]["site"]])
    assert judged[is_slow]["probability"].mean() > judged[~is_slow]["probability"].mean() + 0.05
    assert judged[is_slow]["outcome"].mean() > judged[~is_slow]["outcome"].mean() + 0.05


def test_comebacks_cannot_be_told_and_it_is_said(sample_company: Company) -> None:
    """Whether a fix holds is drawn by the resolver's ability alone, which a few dozen cases of each do not show."""
    ((verdict,),) = sample_company.query("select verdict from marts.agg_risk_models where risk = 'comeback'")
    assert verdict == "not_better"
    assert sample_company.query("select count(*) from marts.agg_ticket_risks where risk = 'comeback'") == [(0,)]


def test_what_is_open_is_listed_where_the_model_is_used(sample_company: Company) -> None:
    for table, kind in (("agg_ticket_risks", "ticket"), ("agg_customer_risks", "customer")):
        listed = dict(sample_company.query(f"select risk, count(*) from marts.{table} group by risk"))
        expected = sample_company.query(
            "select risk, now_count from marts.agg_risk_models where is_used and now_count > 0 and subject_kind = ?",
            [kind],
        )
        assert listed == dict(expected)
    assert sample_company.query(
        "select count(*) > 0, count(reason_1) = count(*), min(probability) >= 0, max(probability) <= 1 "
        "from marts.agg_ticket_risks where risk = 'breach'"
    ) == [(True, True, True, True)]


def test_outcomes_dealt_out_by_chance_switch_every_model_off(sample_company: Company) -> None:
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as warehouse:
        assert alarms(warehouse) == (0, 3)
