"""Silence of the closed loop: measures that nobody took, at days drawn at random, say nothing beyond the stated level.

An alarm is a verdict improved or worsened about such a measure. Each KPI of the company gets one, of the company or of
one site, product family, channel or priority, on a day with enough months on both sides; a chance is a measure whose
months are enough to say something. The stated level is 5 %, so of a hundred chances five alarms are to be expected.
"""

from __future__ import annotations

import random
from datetime import date

import duckdb

from tests.dbt_project.rendered import model_sql

_DRAWN = 20_261_123
# Whole months that a day needs before and after it: those of the models, and the one in which it lies.
_BEFORE, _AFTER = 9, 3
_MARTS = {name: f"marts.{name}" for name in ("kpi_values", "kpi_cells", "agg_kpi_changes", "dim_kpis")}
_DIMENSIONS = {"site": "site_id", "product_family": "product_family", "channel": "channel", "priority": "priority"}

_SERIES = """
select kpi_id, segment, site_id, product_family, channel, priority, list(period_start_date order by period_start_date)
from marts.kpi_values
where
    period_grain = 'month' and is_complete and value is not null
    and segment in ('all', 'site', 'product_family', 'channel', 'priority')
    and 'unknown' not in (site_id, product_family, channel, priority)
group by all
having count(*) > $least
order by all
"""


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Verdicts about measures that nobody took, and how many there were chances for, in a published company."""
    with warehouse.cursor() as con:
        con.execute(
            "create temp table drawn_actions (action_id varchar, kpi_id varchar, segment varchar, member varchar, "
            "site_id varchar, product_family varchar, channel varchar, priority varchar, done_date date, "
            "trigger_from_date date, trigger_to_date date)"
        )
        for number, row in enumerate(_draw(con)):
            con.execute(
                "insert into drawn_actions values (?, ?, ?, ?, ?, ?, ?, ?, ?, null, null)", [f"a{number}", *row]
            )
        con.execute(
            "create temp table drawn_as_of as select cast(timezone(time_zone, timezone('UTC', as_of_at "
            "- interval 1 microsecond)) as date) as last_date from meta.settings"
        )
        tables = _MARTS | {"fct_improvement_actions": "drawn_actions", "int_kpi_as_of": "drawn_as_of"}
        con.execute(f"create temp table drawn_months as {model_sql('agg_action_months', **tables)}")
        effects = model_sql("agg_action_effects", **tables, agg_action_months="drawn_months")
        con.execute(f"create temp table drawn_effects as {effects}")
        ((raised, chances),) = con.execute(
            "select count(*) filter (verdict in ('improved', 'worsened')), count(effect) "
            "from drawn_effects where is_deciding"
        ).fetchall()
    return int(raised), int(chances)


def _draw(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """One measure for each KPI that has a series long enough, of whatever the company has it by."""
    drawn = random.Random(_DRAWN)  # noqa: S311 - a sample, no secret
    by_kpi: dict[str, list[tuple[object, ...]]] = {}
    for row in con.execute(_SERIES, {"least": _BEFORE + _AFTER}).fetchall():
        by_kpi.setdefault(str(row[0]), []).append(row)
    measures: list[tuple[object, ...]] = []
    for kpi_id, series in sorted(by_kpi.items()):
        _, segment, *members, months = drawn.choice(series)
        member = "all" if segment == "all" else members[list(_DIMENSIONS).index(str(segment))]
        assert isinstance(months, list)
        month = drawn.choice(months[_BEFORE:-_AFTER])
        done = date(month.year, month.month, drawn.randint(2, 28))
        measures.append((kpi_id, segment, member, *members, done))
    return measures
