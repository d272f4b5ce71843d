"""How far each KPI value can be trusted: what a gate warned of, carried to the values that depend on it.

A failed expectation guards columns; meta.kpi_columns says which values depend on these. Where it warns, they are
stamped `warned` in kpi_values.trust. Where it withholds, the KPI is: its rows stay, so that one sees that there is
something, without their numbers, and whatever else tells them goes too. Everything else is `ok`. meta.kpi_trust keeps
the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestration.engine import connect

_REASONS = """
insert into meta.kpi_trust
with
failed as (
    select gate, schema_name, table_name, column_name, expectation, severity, message, unnest(guards) as guarded
    from meta.gates
    where build_id = $1 and not is_success and severity in ('warn', 'withhold')
),
-- A KPI that another expectation of the table names by its cases.
named as (
    select failed.*, substr(guarded, length('kpi_id=') + 1) as kpi_id, cast(null as varchar) as split_by
    from failed where guarded like 'kpi_id=%'
),
depending as (
    select failed.*, kpi_columns.kpi_id, kpi_columns.split_by
    from failed
    inner join meta.kpi_columns using (schema_name, table_name)
    where failed.guarded in ('*', kpi_columns.column_name)
),
touched as (
    select * from named union all select * from depending
)
select
    $1 as build_id, kpi_id,
    -- What every value depends on need not be said of a segment too.
    case when bool_or(split_by is null) then [] else list_sort(list(distinct split_by)) end as split_by,
    if(severity = 'withhold', 'withheld', 'warned') as trust,
    gate, schema_name, table_name, column_name, expectation, message
from touched
group by all
order by kpi_id, trust, gate, schema_name, table_name, column_name, expectation
"""

_STAMPS = """
update marts.kpi_values set trust = 'ok' where trust <> 'ok';
update marts.kpi_values set trust = 'warned'
where exists (
    select 1 from meta.kpi_trust
    where kpi_trust.kpi_id = kpi_values.kpi_id and (
        len(kpi_trust.split_by) = 0
        or list_has_any(
            kpi_trust.split_by,
            case segment
                when 'site_and_product_family' then ['site_id', 'product_family']
                when 'site' then ['site_id']
                else [segment]
            end
        )
    )
);
update marts.kpi_values set
    trust = 'withheld', status = 'no_value', value = null, numerator = null, denominator = null, interval_low = null,
    interval_high = null, standard_deviation = null, score = null
where kpi_id in (select kpi_id from meta.kpi_trust where trust = 'withheld');
"""

# Where else its number stands, or can be had by adding up.
_LEAKS = """
create temp table withheld as select distinct kpi_id from meta.kpi_trust where trust = 'withheld';
delete from marts.kpi_cells where kpi_id in (select kpi_id from withheld);
delete from marts.kpi_items where kpi_id in (select kpi_id from withheld);
delete from marts.agg_requests_by_kind_monthly where kpi_id in (select kpi_id from withheld);
delete from marts.agg_kpi_changes where kpi_id in (select kpi_id from withheld);
delete from marts.agg_kpi_change_split where kpi_id in (select kpi_id from withheld);
delete from marts.agg_kpi_change_drill where kpi_id in (select kpi_id from withheld);
delete from marts.agg_findings where kpi_id in (select kpi_id from withheld);
update marts.agg_class_scores set class_score = null
where kpi_class in (select kpi_class from marts.dim_kpis where kpi_id in (select kpi_id from withheld));
update marts.agg_technician_scorecards set
    total_score = null, total_low = null, total_high = null, total_rank_low = null, total_rank_high = null,
    total_ranked_count = null, band = null
where (period_grain, period_start_date, technician_id) in (
    select (period_grain, period_start_date, technician_id) from marts.agg_technician_scorecards
    where kpi_id in (select kpi_id from withheld)
);
delete from marts.agg_technician_scorecards where kpi_id in (select kpi_id from withheld);
update meta.gates set example_rows = null
where schema_name = 'marts' and exists (
    select 1 from withheld where list_contains(gates.guards, 'kpi_id=' || withheld.kpi_id)
);
"""


@dataclass(frozen=True)
class Trust:
    """The KPIs that are not wholly to be trusted, in order of name."""

    warned: tuple[str, ...]
    withheld: tuple[str, ...]

    def __str__(self) -> str:
        if not self.warned and not self.withheld:
            return "trust: no check of this build warned of a KPI"
        told = [f"{len(self.warned)} KPIs are stamped: a check of what they depend on warned"] if self.warned else []
        told += [f"withheld: {', '.join(self.withheld)}"] if self.withheld else []
        return f"trust: {'; '.join(told)} (meta.kpi_trust says why)"


def stamp(build_file: Path, build_id: str) -> Trust:
    """Write meta.kpi_trust and marts.kpi_values.trust of the build by what its gates found, all or nothing.

    `build_file` must be closed, with its marts built, both gates passed, and meta.kpi_columns written.
    """
    with connect(build_file) as con:
        con.begin()
        con.execute("delete from meta.kpi_trust")
        con.execute(_REASONS, [build_id])
        con.execute(_STAMPS)
        if con.execute("select 1 from meta.kpi_trust where trust = 'withheld' limit 1").fetchone() is not None:
            con.execute(_LEAKS)
        found = con.execute(
            "select kpi_id, bool_or(trust = 'withheld') from meta.kpi_trust group by kpi_id order by kpi_id"
        ).fetchall()
        con.commit()
    return Trust(
        warned=tuple(kpi for kpi, is_withheld in found if not is_withheld),
        withheld=tuple(kpi for kpi, is_withheld in found if is_withheld),
    )
