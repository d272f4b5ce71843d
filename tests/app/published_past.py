"""What the hand-made company's version tells otherwise than the one before it."""

from __future__ import annotations

import duckdb

BEFORE = "20240613T170000Z_before"
# KPI, period, site, product family, channel, old and new value and target, cause, evidence; the most important first.
_RESTATED = (
    ("csat_top_box_share", "month", "2026-03-01", "all", "all", "all", 0.875, 0.75, 0.85, 0.85, "unexplained", ""),
    ("resolution_time_mean", "month", "2026-04-01", "all", "all", "all", 7200.0, 10800.0, None, None, "late_data",
     "late_data: fct_tickets, ticket_events; definition, indirect: the models"),
    ("csat_top_box_share", "quarter", "2026-01-01", "all", "all", "all", 0.8, 0.8, 0.85, 0.9, "definition",
     "definition: kpi_registry"),
    ("nps", "month", "2026-04-01", "all", "all", "all", 30.0, 31.0, 40.0, 40.0, "correction",
     "correction: fct_survey_answers; the profile changed"),
    ("cost_per_ticket", "month", "2026-06-01", "all", "all", "all", 210.0, 215.5, None, None, "maturity",
     "maturity: the period was not finished"),
    ("nps", "month", "2026-03-01", "s2", "all", "all", 12.0, 20.0, 40.0, 40.0, "late_data",
     "late_data: fct_survey_answers"),
    ("nps", "month", "2026-03-01", "s1", "all", "all", 88.0, 22.0, 40.0, 40.0, "late_data",
     "late_data: fct_survey_answers"),
    ("nps", "month", "2026-03-01", "s3", "all", "all", 77.0, 66.0, 40.0, 40.0, "late_data",
     "late_data: fct_survey_answers"),
    ("nps", "month", "2026-03-01", "all", "all", "phone", 55.0, 44.0, 40.0, 40.0, "late_data",
     "late_data: fct_survey_answers"),
)  # fmt: skip


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables of restatements, and tell of the build that they compare with."""
    con.execute("insert into meta.restated_from values (?)", [BEFORE])
    con.execute(
        "insert into meta.builds select * replace (? as build_id, '0.0.9' as code_version, "
        "as_of_at - interval 7 day as as_of_at, timestamp '2024-06-13 17:00:00' as started_at, "
        "timestamp '2024-06-13 18:30:00' as published_at) from meta.builds",
        [BEFORE],
    )
    for rank, row in enumerate(_RESTATED, 1):
        kpi, grain, start, site, family, channel, old, new, old_target, new_target, cause, evidence = row
        segment = "site" if site != "all" else "channel" if channel != "all" else "all"
        con.execute(
            "insert into meta.restatements values (?, ?, ?, ?, ?, ?, 'all', ?, ?, 'all', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                BEFORE, kpi, grain, start, segment, site, family, channel, old, new, new - old, old_target, new_target,
                cause, evidence, rank,
            ],
        )  # fmt: skip
        con.execute("insert into meta.restatement_counts values (?, ?, ?, 100)", [BEFORE, kpi, cause])
