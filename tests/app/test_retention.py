"""What of a long history of cohorts is drawn."""

from __future__ import annotations

import pandas as pd

from app.views.retention import latest_cohorts


def test_the_last_cohorts_are_drawn_for_as_long_as_can_be_read() -> None:
    months = [f"{year}-{month:02}" for year in range(2010, 2014) for month in range(1, 13)]
    rows = pd.DataFrame(
        [(cohort, number) for cohort in months for number in range(160)], columns=["cohort", "period_number"]
    )
    shown = latest_cohorts(rows, 24)
    assert sorted(shown["cohort"].unique()) == months[-24:]
    assert sorted(shown["period_number"].unique()) == list(range(25))
