"""The sample company's scorecards and coverage against what is true of it."""

from __future__ import annotations

import json

import pytest

from tests.company import Company


def test_people_who_joined_lately_are_not_judged(sample_company: Company) -> None:
    """The planted excellent and poor technician have too few jobs for a total, whatever their few jobs look like."""
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    people = [truth["facts"]["technicians"][name]["staff_no"] for name in ("excellent", "poor")]
    rows = sample_company.query(
        "select comparison, total_score from marts.agg_technician_scorecards where technician_id in (?, ?) "
        "and kpi_id in ('visit_on_time_rate', 'jobs_per_available_day')",
        people,
    )
    assert rows
    assert {row[0] for row in rows} == {"not_enough_data"}
    assert {row[1] for row in rows} == {None}


def test_quarters_and_years_judge_more_people_than_months(sample_company: Company) -> None:
    counts = dict(
        sample_company.query(
            "select period_grain, count(distinct case when is_enough_data and expected_value is not null "
            "then technician_id || ' ' || kpi_id end) from marts.agg_technician_scorecards group by period_grain"
        )
    )
    assert 0 < counts["month"] < counts["quarter"] < counts["year"]


def test_agents_and_technicians_have_their_own_indicators(sample_company: Company) -> None:
    found = dict(
        sample_company.query(
            "select work_role, string_agg(distinct kpi_id, ' ') from marts.agg_technician_scorecards group by work_role"
        )
    )
    assert "jobs_per_available_day" in found["technician"]
    assert "contacts_per_rostered_hour" in found["agent"]
    assert "first_time_fix_rate" not in found["agent"]
    assert "aht_per_contact" not in found["technician"]


def test_coverage_is_the_planted_one(sample_company: Company) -> None:
    """A few requests lack their customer in the delivered rows; the share hardly moves."""
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))["facts"][
        "coverage"
    ]
    ((located, covered),) = sample_company.query(
        """
        select count(*), count(*) filter (where dim_customers.nearest_site_km <= 50)
        from marts.fct_tickets
        inner join marts.dim_customers on fct_tickets.customer_id = dim_customers.customer_id
        where fct_tickets.exit_kind <> 'merged' and dim_customers.location_source = 'customer'
        """
    )
    assert truth["requests_with_known_place"] - 30 <= located <= truth["requests_with_known_place"]
    assert covered / located == pytest.approx(truth["share"], abs=0.01)
