"""The register of the sample company: the measure that works is found, and what changed nothing is not."""

from __future__ import annotations

import json

import duckdb
import pytest

from bench.silence_loop import alarms
from tests.company import Company


@pytest.fixture(scope="module")
def decided(sample_company: Company) -> dict[str, tuple[str, str, float | None, float | None, float | None]]:
    """Design, verdict and effect with its interval of what decides about each measure."""
    rows = sample_company.query(
        "select action_id, design, verdict, effect, effect_low, effect_high from marts.agg_action_effects "
        "where is_deciding"
    )
    return {action: (design, verdict, *numbers) for action, design, verdict, *numbers in rows}


def test_the_coached_counter_improved_by_what_was_planted(sample_company: Company, decided) -> None:
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))["facts"]
    design, verdict, effect, low, high = decided["M001"]
    assert (design, verdict) == ("difference_in_differences", "improved")
    assert effect is not None
    assert 0 < low <= truth["coached_site"]["points_planted"] <= high
    ((kpi, site),) = sample_company.query(
        "select kpi_id, site_id from marts.fct_improvement_actions where action_id = 'M001'"
    )
    assert (kpi, site) == ("mystery_shopper_score", truth["coached_site"]["site"])


def test_what_changed_nothing_is_not_told_from_noise(decided) -> None:
    assert decided["M002"][1] == "not_told"


def test_the_end_of_a_bad_month_is_no_improvement(sample_company: Company, decided) -> None:
    """The hotline was understaffed for a month. Beside that month it got better; beside those before it did not."""
    ((phase, bad),) = sample_company.query(
        "select phase, value from marts.agg_action_months where action_id = 'M003' and month_start_date = '2025-11-01'"
    )
    ((after,),) = sample_company.query(
        "select after_value from marts.agg_action_effects where action_id = 'M003' and is_deciding"
    )
    assert phase == "trigger"
    assert after > 2 * bad
    assert decided["M003"][1] == "not_told"


def test_what_was_done_last_month_is_too_early(decided) -> None:
    assert decided["M005"][1] == "too_early"
    assert decided["M005"][2:] == (None, None, None)


def test_the_register_stands_where_its_days_say(sample_company: Company) -> None:
    rows = dict(sample_company.query("select action_id, status from marts.fct_improvement_actions order by 1"))
    assert rows == {
        "M001": "done", "M002": "done", "M003": "done", "M004": "done_late", "M005": "done", "M006": "overdue",
        "M007": "open", "M008": "open",
    }  # fmt: skip
    known = sample_company.query(
        "select is_complaint_known from marts.fct_improvement_actions where complaint_id <> ''"
    )
    assert known == [(True,)] * 3
    funnel = sample_company.query(
        "select case_count from marts.agg_action_funnel where site_id = 'all' order by step_number"
    )
    counts = [count for (count,) in funnel]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2] > counts[-1] >= 1


def test_measures_that_nobody_took_say_little(sample_company: Company) -> None:
    """At 5 % some five of a hundred; more than fourteen come by chance once in a thousand."""
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as con:
        raised, chances = alarms(con)
    assert chances > 80
    assert raised <= 14
