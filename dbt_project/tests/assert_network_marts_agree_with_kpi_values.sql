-- The marts of parts and network stand on what the KPIs stand on: month by month, for the company
-- and per site, their counts are those of kpi_values.
with kpi_values as (

    select * from {{ ref('kpi_values') }}
    where period_grain = 'month' and segment in ('all', 'site')

),

marts as (

    select
        'parts_fill_rate' as kpi_id,
        month_start_date,
        site_id,
        cast(filled_line_count as double) as numerator,
        judged_line_count as eligible_count
    from {{ ref('agg_parts_sites_monthly') }}
    where segment in ('all', 'site')

    union all

    select
        'stock_sufficiency' as kpi_id,
        month_start_date,
        site_id,
        cast(sufficient_count as double) as numerator,
        count_count as eligible_count
    from {{ ref('agg_parts_sites_monthly') }}
    where segment in ('all', 'site')

    union all

    select
        'parts_arrival_time_mean' as kpi_id,
        month_start_date,
        site_id,
        -- Whole seconds, so the mean times the lines is their sum again.
        coalesce(round(delivery_mean_seconds * delivered_line_count), 0) as numerator,
        delivered_line_count as eligible_count
    from {{ ref('agg_parts_sites_monthly') }}
    where segment in ('all', 'site')

    union all

    select
        'coverage_within_50km' as kpi_id,
        month_start_date,
        'all' as site_id,
        cast(within_50km_count as double) as numerator,
        located_by_customer_count + located_by_city_count as eligible_count
    from {{ ref('agg_network_coverage') }}
    where segment = 'all'

),

-- What the mart holds as a ratio alone.
covers as (

    select
        parts_sites.month_start_date,
        parts_sites.site_id,
        parts_sites.cover_days,
        kpi_values.value
    from {{ ref('agg_parts_sites_monthly') }} as parts_sites
    left join kpi_values
        on
            kpi_values.kpi_id = 'stock_cover_days'
            and parts_sites.month_start_date = kpi_values.period_start_date
            and parts_sites.site_id = kpi_values.site_id
    where parts_sites.segment in ('all', 'site')

)

select
    marts.kpi_id,
    marts.month_start_date,
    marts.site_id,
    marts.numerator,
    kpi_values.numerator as kpi_numerator
from marts
left join kpi_values
    on
        marts.kpi_id = kpi_values.kpi_id
        and marts.month_start_date = kpi_values.period_start_date
        and marts.site_id = kpi_values.site_id
where
    coalesce(kpi_values.numerator, 0) <> marts.numerator
    or coalesce(kpi_values.eligible_count, 0) <> marts.eligible_count

union all

select
    'stock_cover_days' as kpi_id,
    month_start_date,
    site_id,
    cover_days as numerator,
    value as kpi_numerator
from covers
where
    (cover_days is null) <> (value is null)
    or abs(cover_days - value) > 1e-9 * abs(value)
