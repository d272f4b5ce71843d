"""Due times and outcomes of random companies: the compiled models and a walk along the clock agree to the second."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from tests.dbt_project.rendered import run_models
from tests.dbt_project.sla.companies import RandomCompany, found_company
from tests.dbt_project.sla.oracle import DAY, TIME_ZONE, instant, judge

COMPANIES = range(4)
TICKETS = 300


def judged(company: RandomCompany) -> dict[tuple[str, str], tuple[str, str | None, object]]:
    """Outcome, policy and due time by metric and subject, by the models."""
    with duckdb.connect() as con:
        run_models(con, "fct_sla_outcomes", company.tables(), TIME_ZONE)
        rows = con.execute(
            "select metric, subject_id, outcome, policy_id, due_at from model_fct_sla_outcomes"
        ).fetchall()
    return {(metric, subject): (outcome, policy, due) for metric, subject, outcome, policy, due in rows}


def walked(company: RandomCompany) -> dict[tuple[str, str], tuple[str, str | None, object]]:
    """The same by the oracle."""
    found = {}
    for key, promise in company.promises.items():
        outcome, policy, due = judge(promise, company.policies, company.as_of, company.as_of + 60 * DAY)
        found[key] = (outcome, policy, due if due is None else instant(due))
    return found


@pytest.mark.parametrize("seed", COMPANIES)
def test_due_times_and_outcomes_agree_with_a_walk_along_the_clock(seed: int) -> None:
    company = found_company(seed, TICKETS)
    ours, expected = judged(company), walked(company)
    assert {key: (ours.get(key), said) for key, said in expected.items() if ours.get(key) != said} == {}
    assert len(ours) == len(expected)


def test_the_random_companies_know_every_outcome() -> None:
    """Else the comparison would prove little: at least ten of each, and due times moved by pauses and priorities."""
    found: Counter[str] = Counter()
    for seed in COMPANIES:
        company = found_company(seed, TICKETS)
        found.update(outcome for outcome, _, _ in walked(company).values())
        found.update("raised" for promise in company.promises.values() if len(promise.priorities) > 1)
    wanted = ("met", "breached_closed", "breached_open", "pending", "paused", "cancelled", "no_policy", "raised")
    assert {name: found[name] for name in wanted if found[name] < 10} == {}
    assert len(COMPANIES) * TICKETS >= 1_000
