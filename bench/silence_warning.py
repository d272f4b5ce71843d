"""Does the early warning stay silent where nothing tells what will happen?

The outcomes of a company's own tickets and customers are dealt out among them by chance (by hash, so that they are the
same each time). Features, sizes, the share of each outcome and how often a ticket comes in stay as they are, but no
feature tells an outcome any more. A false alarm is a model that is used all the same; each risk that has enough cases
to be judged is a chance to raise one.
"""

from __future__ import annotations

import duckdb

from orchestration.analysis.risks import score_all
from tests.dbt_project.rendered import model_sql

_READ = (
    "dim_sla_policies", "fct_complaints", "fct_part_lines", "fct_purchases", "fct_sla_outcomes",
    "fct_ticket_resolutions", "fct_ticket_stages", "fct_tickets", "fct_visits",
)  # fmt: skip
_MOMENTS = ("int_risk_ticket_moments", "int_risk_customer_moments")
_TABLES = {"stg_build_settings": "meta.settings"} | {name: f"marts.{name}" for name in _READ}
# Each subject is given the outcome of another one; a ticket keeps one outcome over all its instants.
_DEAL = """
create or replace temp table dealt as
with
subjects as (
    select {subject} as subject, {within} as within, any_value({risk}_state) as state
    from {moments}
    where {risk}_state in ('yes', 'no')
    group by all
),
numbered as (
    select
        *,
        row_number() over (partition by within order by md5(subject || 'given'), subject) as given_number,
        row_number() over (partition by within order by md5(subject || 'taken'), subject) as taken_number
    from subjects
)
select takers.subject, takers.within, givers.state
from numbered as takers
inner join numbered as givers on takers.within = givers.within and takers.taken_number = givers.given_number
"""
_TAKE = """
update {moments} as moments set {risk}_state = dealt.state
from dealt
where
    moments.{subject} = dealt.subject and {within} = dealt.within and moments.{risk}_state in ('yes', 'no')
"""
_DEALT = (
    {"moments": "int_risk_ticket_moments", "risk": "breach", "subject": "ticket_id", "within": "''"},
    {"moments": "int_risk_ticket_moments", "risk": "comeback", "subject": "ticket_id", "within": "''"},
    {"moments": "int_risk_customer_moments", "risk": "leave", "subject": "customer_id", "within": "moment_at"},
)


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Models that are used though outcomes are dealt out by chance, and those that could have been.

    warehouse: a published version, which is not changed.
    """
    for name in _MOMENTS:
        warehouse.execute(f"create or replace temp table {name} as {model_sql(name, **_TABLES)}")
    for deal in _DEALT:
        warehouse.execute(_DEAL.format(**deal))
        warehouse.execute(_TAKE.format(**deal))
    scored = score_all(*(warehouse.table(name).df() for name in _MOMENTS))
    warehouse.register("int_risks_scored", scored)
    judged = warehouse.execute(f"select verdict from ({model_sql('agg_risk_models')})").fetchall()
    verdicts = [verdict for (verdict,) in judged]
    return verdicts.count("used"), len(verdicts) - verdicts.count("too_few")
