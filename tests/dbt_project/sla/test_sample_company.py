"""The warehouse's promises against what the simulator knows to be true of the sample company."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.company import Company

OUTCOMES = """
select
    strftime(tickets.created_date, '%Y-%m'),
    count(*) filter (where outcomes.is_eligible),
    count(*) filter (where outcomes.is_eligible and outcomes.is_met),
    count(*) filter (where outcomes.outcome = 'met' and not outcomes.is_eligible),
    count(*) filter (where outcomes.outcome in ('pending', 'paused')),
    count(*) filter (where outcomes.outcome = 'fault')
from marts.fct_sla_outcomes as outcomes
inner join marts.fct_tickets as tickets on outcomes.ticket_id = tickets.ticket_id
where outcomes.metric = ?
group by 1
order by 1
"""


@pytest.fixture(scope="module")
def truth(sample_company: Company) -> dict[str, Any]:
    path = sample_company.root / "sources" / "truth.json"
    kpis: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["kpis"]
    return kpis


@pytest.mark.parametrize("metric", ["first_response", "resolution"])
def test_attainment_is_the_truth_but_for_what_is_still_open(
    sample_company: Company, truth: dict[str, Any], metric: str
) -> None:
    """Per month of creation: exact once all is decided, else within what is open and what a wrong clock hides."""
    months = {row[0]: row[1:] for row in sample_company.query(OUTCOMES, [metric])}
    assert len(months) >= 24
    exact = 0
    for month, (eligible, met, met_early, undecided, faults) in months.items():
        true = truth["by_month"][month][f"sla_{metric}"]
        hidden = undecided + faults
        assert eligible + met_early <= true["of"] + undecided, month
        assert true["of"] <= eligible + met_early + hidden, month
        assert met + met_early <= true["n"] <= met + met_early + hidden, month
        exact += hidden == 0
    assert exact >= 15


def test_pauses_and_raised_priorities_decide_in_the_sample_company(sample_company: Company) -> None:
    """Else the comparison with the truth would say nothing of them."""
    ((paused, raised, saved),) = sample_company.query(
        "select count(*) filter (where outcomes.paused_seconds > 0 and outcomes.is_met), "
        "count(*) filter (where outcomes.priority <> tickets.priority), "
        "count(*) filter (where outcomes.metric = 'resolution' and outcomes.paused_seconds > 0 "
        "and outcomes.margin_seconds >= 0 and outcomes.margin_seconds < outcomes.paused_seconds) "
        "from marts.fct_sla_outcomes as outcomes "
        "inner join marts.fct_tickets as tickets on outcomes.ticket_id = tickets.ticket_id"
    )
    assert paused >= 20
    assert raised >= 5
    assert saved >= 5
