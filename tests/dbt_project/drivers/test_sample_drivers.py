"""What drives the sample company's customers is found, at the size at which it was planted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from orchestration.sample.clock import DAY, NA
from orchestration.sample.commerce import LEAVE_PER_DAY, LEAVE_SLOW_SITE
from orchestration.sample.company import found_company
from orchestration.sample.feelings import feel
from orchestration.sample.generate import DEFAULT_AS_OF, DEFAULT_SEED, make_window
from orchestration.sample.service import serve
from orchestration.sample.vocabulary import SHORTAGE_SITE, SLOW_SITES, URGENT
from orchestration.sample.world import make_world
from tests.company import Company
from tests.conftest import SAMPLE_TICKETS

_BANDS = np.array([1, 3, 7])


@dataclass(frozen=True)
class Truth:
    """Every resolved ticket of the sample company, as the generator knows it, and not only those that answered."""

    tickets: pd.DataFrame

    def step(self, outcome: str) -> float:
        """What one band of waiting longer means for the outcome, at equal channel and priority."""
        fit = smf.ols(f"{outcome} ~ band + C(channel):C(priority)", self.tickets).fit()
        return float(fit.params["band"])

    def excess(self) -> float:
        """How much likelier a late resolution makes a customer leave than one in time."""
        by = self.tickets.groupby("is_late")["leaves"].mean()
        return float(by[True] - by[False])


@cache
def truth() -> Truth:
    window = make_window(DEFAULT_AS_OF)
    world = make_world(found_company(DEFAULT_SEED, SAMPLE_TICKETS, window), window)
    service = serve(DEFAULT_SEED, world, SAMPLE_TICKETS)
    feelings = feel(DEFAULT_SEED, world, service)
    tickets, own = service.tickets, slice(0, service.delivered)
    resolved = tickets.resolved[own] != NA
    days = (tickets.resolved[own] - tickets.created[own])[resolved] / DAY
    urgent = (tickets.final_priority[own] == URGENT)[resolved]
    slow = world.facts.slow_site[tickets.site[own]][resolved]
    nps = feelings.nps[own][resolved]
    frame = pd.DataFrame(
        {
            "csat": (feelings.csat[own][resolved] >= 4).astype(float),
            "nps": np.where(nps >= 9, 100.0, np.where(nps <= 6, -100.0, 0.0)),
            "band": np.searchsorted(_BANDS, days),
            "is_late": days > np.where(urgent, 1, 3),
            "leaves": 1 - np.exp(-LEAVE_PER_DAY * days) * np.where(slow, 1 - LEAVE_SLOW_SITE, 1.0),
            "channel": tickets.channel[own][resolved],
            "priority": tickets.final_priority[own][resolved],
        }
    )
    return Truth(frame)


def row_of(company: Company, sql: str, *parameters: Any) -> dict[str, Any]:
    """The one row of a query, by column."""
    with duckdb.connect(str(company.current.resolve()), read_only=True) as con:
        (found,) = con.execute(sql, list(parameters)).df().to_dict("records")
    return {str(name): value for name, value in found.items()}


@pytest.mark.parametrize("outcome", ["csat", "nps"])
def test_late_resolutions_go_with_less_satisfaction(sample_company: Company, outcome: str) -> None:
    found = row_of(
        sample_company, "select * from marts.agg_drivers where outcome = ? and driver = 'late_resolution'", outcome
    )
    assert found["verdict"] == "association"
    assert found["adjusted_high"] < 0
    assert found["crude_difference"] < 0


@pytest.mark.parametrize("outcome", ["csat", "nps"])
def test_the_longer_the_wait_the_less_satisfied_as_planted(sample_company: Company, outcome: str) -> None:
    """The interval, made of the few who answer, holds what all customers feel."""
    found = row_of(
        sample_company,
        "select * from marts.agg_driver_responses where outcome = ? and driver = 'resolution_time' and band_number = 1",
        outcome,
    )
    assert found["verdict"] == "association"
    assert truth().step(outcome) < 0
    assert found["step_low"] <= truth().step(outcome) <= found["step_high"] < 0


def test_a_bad_attitude_goes_with_less_satisfaction(sample_company: Company) -> None:
    found = row_of(sample_company, "select * from marts.agg_drivers where outcome = 'csat' and driver = 'attitude'")
    assert found["verdict"] == "association"
    assert found["adjusted_high"] < 0


def test_leaving_after_a_late_resolution_is_within_its_interval(sample_company: Company) -> None:
    """Few leave for it, and of 1,500 tickets nobody could tell: the interval says both."""
    found = row_of(sample_company, "select * from marts.agg_churn_hazards where driver = 'late_resolution'")
    assert 0 < truth().excess() < 0.2
    assert found["hazard_difference_low"] <= truth().excess() <= found["hazard_difference_high"]
    assert found["verdict"] == "chance"
    at_risk = row_of(sample_company, "select * from marts.agg_value_at_risk where driver = 'late_resolution'")
    assert at_risk["customer_count"] > 0
    assert pd.isna(at_risk["value_at_risk"])


def test_buying_again_after_a_late_resolution_is_within_its_interval(sample_company: Company) -> None:
    """Of those who would buy again, as many more do not as more have left."""
    found = row_of(
        sample_company, "select * from marts.agg_drivers where outcome = 'repurchase' and driver = 'late_resolution'"
    )
    lost = -truth().excess() * found["unexposed_value"]
    assert found["adjusted_low"] <= lost <= found["adjusted_high"]


def test_slow_sites_are_those_that_were_planted(sample_company: Company) -> None:
    """Or the one that waited for its parts."""
    (built,) = (sample_company.root / "build").glob("*/scratch.duckdb")
    with duckdb.connect(str(built), read_only=True) as con:
        rows = con.execute("select site_id from intermediate.int_kpi_driver_sites where is_slow").fetchall()
    slow = {site for (site,) in rows}
    assert slow
    assert slow <= {*SLOW_SITES, SHORTAGE_SITE}
