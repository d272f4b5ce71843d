-- Every number has its rows: the items of a month, of the company and of each site, add up to what
-- kpi_values says of it, to the row and to the last digit. A quantile has no sums, but counts.
with definitions as (

    select
        kpi_id,
        period_start_date
    from {{ ref('int_kpi_definitions') }}
    where period_grain = 'month'

),

kpis_of_items as (

    select distinct
        kpi_id,
        rows_rule
    from {{ ref('dim_kpi_subjects') }}
    where rows_rule <> 'elsewhere'

),

totals as (

    select
        kpi_id,
        kind
    from {{ ref('dim_kpis') }}
    where kind = 'total'

),

added_up as (

    select
        kpi_id,
        case when grouping(site_id) = 0 then 'site' else 'all' end as segment,
        coalesce(site_id, 'all') as site_id,
        cast(coalesce(sum(numerator) filter (where state = 'counted'), 0) as double) as numerator,
        cast(coalesce(sum(denominator) filter (where state = 'counted'), 0) as double)
            as denominator,
        coalesce(sum(item_count) filter (where state = 'counted'), 0) as eligible_count,
        coalesce(sum(item_count) filter (where state = 'immature'), 0) as immature_count,
        coalesce(sum(item_count) filter (where state = 'censored'), 0) as censored_count,
        coalesce(sum(item_count) filter (where state = 'excluded'), 0) as excluded_count,
        cast(date_trunc('month', counted_date) as date) as period_start_date
    from {{ ref('kpi_items') }}
    group by grouping sets (  -- noqa: PRS
        (kpi_id, cast(date_trunc('month', counted_date) as date)),
        (kpi_id, cast(date_trunc('month', counted_date) as date), site_id)
    )

),

published as (

    select kpi_values.*
    from {{ ref('kpi_values') }} as kpi_values
    inner join kpis_of_items on kpi_values.kpi_id = kpis_of_items.kpi_id
    where kpi_values.period_grain = 'month' and kpi_values.segment in ('all', 'site')

),

-- Not every KPI is told by site; all are of the company.
of_items as (

    select
        added_up.*,
        kpis_of_items.rows_rule,
        totals.kpi_id is not null as is_total
    from added_up
    inner join definitions
        on
            added_up.kpi_id = definitions.kpi_id
            and added_up.period_start_date = definitions.period_start_date
    left join kpis_of_items on added_up.kpi_id = kpis_of_items.kpi_id
    left join totals on added_up.kpi_id = totals.kpi_id

)

select
    coalesce(of_items.kpi_id, published.kpi_id) as kpi_id,
    coalesce(of_items.period_start_date, published.period_start_date) as period_start_date,
    coalesce(of_items.site_id, published.site_id) as site_id,
    of_items.numerator as items_numerator,
    published.numerator,
    of_items.denominator as items_denominator,
    published.denominator,
    of_items.eligible_count as items_eligible_count,
    published.eligible_count
from of_items
full outer join published
    on
        of_items.kpi_id = published.kpi_id
        and of_items.segment = published.segment
        and of_items.site_id = published.site_id
        and of_items.period_start_date = published.period_start_date
where
    of_items.rows_rule is distinct from 'quantile'
    and (
        of_items.numerator is distinct from published.numerator
        or (
            not of_items.is_total
            and of_items.denominator is distinct from published.denominator
        )
    )
    and not (published.kpi_id is null and of_items.segment = 'site')
    or of_items.eligible_count <> published.eligible_count
    or of_items.immature_count <> published.immature_count
    or of_items.censored_count <> published.censored_count
    or of_items.excluded_count <> published.excluded_count
    or of_items.kpi_id is null
    or (published.kpi_id is null and of_items.segment = 'all')
