"""Every SQL statement of the report: rows of public marts and of meta as they stand, filtered and named.

No statement computes a KPI: values, medians, shares and intervals are columns of the marts. Question marks are
parameters. The segment columns of a mart (site_id, product_family, …) hold "all" where a row is not narrowed by them.
"""

from __future__ import annotations

from typing import Final

COMPANY: Final = """
select company_name_en, company_name_zh, time_zone, currency, as_of_at
from meta.settings
"""

BUILDS: Final = """
select
    build_id, code_version, profile_name, input_fingerprint, duckdb_version, duration_seconds,
    as_of_at, started_at, published_at
from meta.builds
order by started_at desc, build_id desc
"""

FEEDS: Final = """
select
    feed, sources, row_count, delivered_count, superseded_count, filtered_count, rejected_count, is_connected,
    last_landed_at
from meta.feeds
order by is_connected desc, feed
"""

GATES: Final = """
select
    gate, schema_name, table_name, column_name, expectation, severity, observed, message, element_count,
    unexpected_count, is_success
from meta.gates
where build_id = ?
order by is_success, severity, gate, schema_name, table_name, column_name, expectation
"""

# Parameters: last build, number of builds. Each check's results in the last builds, oldest first; "none" where it was
# not evaluated.
GATE_TRENDS: Final = """
with builds as (
    select distinct gates.build_id
    from meta.gates
    where gates.build_id <= ?
    order by gates.build_id desc
    limit ?
),

results as (
    select
        gates.build_id, gates.gate, gates.schema_name, gates.table_name, gates.column_name, gates.expectation,
        case
            when bool_and(gates.is_success) then 'passed'
            when bool_or(not gates.is_success and gates.severity = 'stop') then 'failed'
            when bool_or(not gates.is_success and gates.severity = 'withhold') then 'withheld'
            else 'warned'
        end as result
    from meta.gates
    inner join builds on builds.build_id = gates.build_id
    group by gates.build_id, gates.gate, gates.schema_name, gates.table_name, gates.column_name, gates.expectation
),

checks as (
    select distinct gate, schema_name, table_name, column_name, expectation
    from results
)

select
    checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation,
    string_agg(coalesce(results.result, 'none'), ' ' order by builds.build_id) as trend
from checks
cross join builds
left join results
    on
        results.build_id = builds.build_id
        and results.gate = checks.gate
        and results.schema_name = checks.schema_name
        and results.table_name = checks.table_name
        and results.column_name is not distinct from checks.column_name
        and results.expectation = checks.expectation
group by checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation
order by checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation
"""

# Parameters: gate, schema, table, column (empty for a check of the table), expectation, last build.
GATE_HISTORY: Final = """
select
    gates.build_id, gates.severity, gates.is_success, gates.observed, gates.unexpected_count, gates.message,
    gates.example_rows, builds.published_at
from meta.gates
left join meta.builds on builds.build_id = gates.build_id
where
    gates.gate = ?
    and gates.schema_name = ?
    and gates.table_name = ?
    and coalesce(gates.column_name, '') = ?
    and gates.expectation = ?
    and gates.build_id <= ?
order by gates.build_id desc, gates.message
"""

REJECTS: Final = """
select feed, source, column_name, reason_kind, example, row_count
from meta.rejects_summary
order by row_count desc, feed, source, column_name, reason_kind
"""

NOTICES: Final = """
select noticed_at, feed, source, kind, place, column_name, message, build_id
from meta.notices
order by noticed_at desc, feed, source, kind, place, column_name, message
"""

# Parameter: build.
STEPS: Final = """
select step, kind, started_at, seconds, cpu_seconds, peak_memory_bytes, rows_in, rows_out, rejected_count
from meta.steps
where build_id = ?
order by started_at, step
"""

TABLES: Final = """
select schema_name, table_name, row_count
from meta.tables
order by schema_name, table_name
"""

PERIODS: Final = """
select distinct period_grain, period_start_date, period_end_date, is_complete
from marts.kpi_values
order by period_grain, period_start_date
"""

SITES: Final = """
select site_id, site_name, city
from marts.dim_sites
where
    site_id in (
        select kpi_values.site_id
        from marts.kpi_values
        where kpi_values.segment = 'site'
    )
order by site_name, site_id
"""

PRODUCT_FAMILIES: Final = """
select distinct product_family
from marts.kpi_values
where segment in ('product_family', 'site_and_product_family')
order by product_family
"""

KPIS: Final = """
select
    kpi_id, name_en, name_zh, definition_en, definition_zh, kpi_class, audience, owner, kind, unit, direction,
    definition_version, missing_feeds, target, is_available
from marts.dim_kpis
order by kpi_class, audience, kpi_id
"""

# Parameters: grain, site, product family, last period start.
KPI_HISTORY: Final = """
select
    kpi_id, unit, status, excluded_reason, value, numerator, denominator, eligible_count, immature_count,
    censored_count, excluded_count, interval_low, interval_high, target, is_complete, period_start_date,
    period_end_date, trust
from marts.kpi_values
where
    period_grain = ?
    and site_id = ?
    and product_family = ?
    and region = 'all'
    and channel = 'all'
    and priority = 'all'
    and period_start_date <= ?
order by kpi_id, period_start_date
"""

# Why a KPI is stamped or withheld. Parameters: KPI.
KPI_TRUST: Final = """
select trust, table_name, column_name, array_to_string(split_by, ' ') as split_by, message
from meta.kpi_trust
where kpi_id = ?
order by trust desc, table_name, column_name, expectation
"""

# Parameters: KPI, grain, period start, segment, product family.
KPI_BY_SITE: Final = """
select
    kpi_values.site_id, dim_sites.site_name, kpi_values.status, kpi_values.value, kpi_values.eligible_count,
    kpi_values.interval_low, kpi_values.interval_high, kpi_values.target
from marts.kpi_values
inner join marts.dim_sites
    on kpi_values.site_id = dim_sites.site_id
where
    kpi_values.kpi_id = ?
    and kpi_values.period_grain = ?
    and kpi_values.period_start_date = ?
    and kpi_values.segment = ?
    and kpi_values.product_family = ?
    and kpi_values.value is not null
order by kpi_values.value, dim_sites.site_name
"""

# Parameters: KPI, grain, period start, segment (channel or priority).
KPI_BY_KIND: Final = """
select
    case when segment = 'channel' then channel else priority end as kind, status, value, eligible_count,
    interval_low, interval_high, target
from marts.kpi_values
where
    kpi_id = ?
    and period_grain = ?
    and period_start_date = ?
    and segment = ?
    and value is not null
order by kind
"""

# Parameters: site, product family, first month, last month.
RESPONSE_MONTHS: Final = """
select
    month_start_date, ticket_count, answered_count, waiting_count, resolved_count, open_count,
    acceptance_mean_seconds, first_response_mean_seconds, first_response_median_seconds,
    first_response_p90_seconds, resolution_median_seconds, resolution_p90_seconds,
    first_response_open_share, resolution_open_share
from marts.agg_response_monthly
where
    site_id = ?
    and product_family = ?
    and channel = 'all'
    and priority = 'all'
    and month_start_date between ? and ?
order by month_start_date
"""

# Parameters: site twice, product family twice.
PROMISE_COUNTS: Final = """
select outcome, count(*) as promise_count
from marts.fct_sla_outcomes
where
    outcome in ('breached_open', 'pending')
    and is_running
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
group by outcome
order by outcome
"""

# Parameters: outcome, site twice, product family twice.
PROMISES: Final = """
select
    fct_sla_outcomes.ticket_id, fct_sla_outcomes.metric, fct_sla_outcomes.priority, fct_sla_outcomes.channel,
    fct_sla_outcomes.product_family, fct_tickets.issue_family, fct_tickets.status, dim_sites.site_name,
    dim_technicians.technician_name, fct_sla_outcomes.margin_seconds, fct_sla_outcomes.due_at
from marts.fct_sla_outcomes
left join marts.fct_tickets
    on fct_sla_outcomes.ticket_id = fct_tickets.ticket_id
left join marts.dim_sites
    on fct_sla_outcomes.site_id = dim_sites.site_id
left join marts.dim_technicians
    on fct_sla_outcomes.technician_id = dim_technicians.technician_id
where
    fct_sla_outcomes.outcome = ?
    and fct_sla_outcomes.is_running
    and (? = 'all' or fct_sla_outcomes.site_id = ?)
    and (? = 'all' or fct_sla_outcomes.product_family = ?)
order by fct_sla_outcomes.due_at, fct_sla_outcomes.metric, fct_sla_outcomes.subject_id
limit 200
"""

# Parameters: site, product family, first month, last month.
SATISFACTION_MONTHS: Final = """
select
    month_start_date, question_kind, survey_kind, aspect, scale_max, answer_count, mean_score, top_box_share,
    top_box_low, top_box_high, nps, nps_low, nps_high
from marts.agg_satisfaction_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, question_kind, survey_kind, aspect, scale_max
"""

# Parameters: site twice, product family twice, first day, last day.
COMMENTS: Final = """
select
    fct_survey_answers.comment, fct_survey_answers.question_kind, fct_survey_answers.aspect,
    fct_survey_answers.nps_group, fct_survey_answers.raw_score, fct_survey_answers.scale_max,
    fct_survey_answers.product_family, dim_sites.site_name, fct_survey_answers.is_top_box,
    fct_survey_answers.answered_date
from marts.fct_survey_answers
left join marts.dim_sites
    on fct_survey_answers.site_id = dim_sites.site_id
where
    fct_survey_answers.comment is not null
    and (? = 'all' or fct_survey_answers.site_id = ?)
    and (? = 'all' or fct_survey_answers.product_family = ?)
    and fct_survey_answers.answered_date between ? and ?
order by fct_survey_answers.answered_at desc, fct_survey_answers.answer_id
limit 60
"""

COHORT_CHOICES: Final = """
select distinct activity, source
from marts.agg_retention_cohorts
order by activity, source
"""

# Parameters: activity, source, form.
COHORTS: Final = """
select
    cohort_month_date, period_number, cohort_size, active_count, amount, retention_share, is_complete,
    period_start_date
from marts.agg_retention_cohorts
where activity = ? and source = ? and retention_form = ?
order by cohort_month_date, period_number
"""

# Parameters: site, product family, first month, last month.
COST_MONTHS: Final = """
select month_start_date, cost_group, component, amount, unallocated_amount, share
from marts.agg_cost_composition_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, cost_group, component
"""

# Parameters: grain, period start, site twice.
SCORECARDS: Final = """
select
    agg_technician_scorecards.technician_id, agg_technician_scorecards.technician_name,
    agg_technician_scorecards.work_role, dim_sites.site_name, agg_technician_scorecards.kpi_id,
    agg_technician_scorecards.band, agg_technician_scorecards.comparison, agg_technician_scorecards.value,
    agg_technician_scorecards.eligible_count, agg_technician_scorecards.minimum_sample,
    agg_technician_scorecards.interval_low, agg_technician_scorecards.interval_high,
    agg_technician_scorecards.target, agg_technician_scorecards.score, agg_technician_scorecards.weight,
    agg_technician_scorecards.expected_value, agg_technician_scorecards.adjusted_value,
    agg_technician_scorecards.adjusted_low, agg_technician_scorecards.adjusted_high,
    agg_technician_scorecards.rank_low, agg_technician_scorecards.rank_high,
    agg_technician_scorecards.ranked_count, agg_technician_scorecards.total_score,
    agg_technician_scorecards.total_rank_low, agg_technician_scorecards.total_rank_high,
    agg_technician_scorecards.total_ranked_count, agg_technician_scorecards.is_enough_data
from marts.agg_technician_scorecards
left join marts.dim_sites
    on agg_technician_scorecards.site_id = dim_sites.site_id
where
    agg_technician_scorecards.period_grain = ?
    and agg_technician_scorecards.period_start_date = ?
    and (? = 'all' or agg_technician_scorecards.site_id = ?)
order by
    agg_technician_scorecards.total_score desc nulls last,
    agg_technician_scorecards.technician_id, agg_technician_scorecards.kpi_id
"""

# The row in force on the period's last day, or at as-of where that is earlier, as in the scorecards.
# Parameters: role, last day twice.
SCORECARD_WEIGHTS: Final = """
select kpi_id, weight
from marts.dim_scorecard_weights
where
    work_role = ?
    and valid_from_date <= ?
    and (valid_to_date is null or valid_to_date >= ?)
order by weight desc, kpi_id
"""
