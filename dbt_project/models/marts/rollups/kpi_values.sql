with cells as (

    select * from {{ ref('int_kpi_cells') }}

),

definitions as (

    select * from {{ ref('int_kpi_definitions') }}

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

),

quantiles as (

    select * from {{ ref('int_kpi_quantile_cells') }}

),

months_in_periods as (

    select
        months.period_start_date as month_start_date,
        periods.period_grain,
        periods.period_start_date
    from periods
    inner join periods as months
        on
            months.period_grain = 'month'
            and periods.period_start_date <= months.period_start_date
            and periods.period_end_date >= months.period_start_date

),

segmented as (

    select
        kpi_id,
        period_grain,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(region) = 0 then 'region'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            when grouping(priority) = 0 then 'priority'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(region, 'all') as region,
        coalesce(product_family, 'all') as product_family,
        coalesce(channel, 'all') as channel,
        coalesce(priority, 'all') as priority,
        excluded_reason,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(numerator_squares) as numerator_squares,
        sum(eligible_count) as eligible_count,
        sum(immature_count) as immature_count,
        sum(censored_count) as censored_count,
        sum(excluded_count) as excluded_count,
        is_summable,
        period_start_date
    from cells
    group by grouping sets (  -- noqa: PRS
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date),
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date, site_id),
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date, region),
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date, product_family),
        (
            kpi_id,
            period_grain,
            excluded_reason,
            is_summable,
            period_start_date,
            site_id,
            product_family
        ),
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date, channel),
        (kpi_id, period_grain, excluded_reason, is_summable, period_start_date, priority)
    )

),

-- Months add up to longer periods; a level such as a share of staff does not, and comes ready for
-- each period.
spread as (

    select
        segmented.kpi_id,
        months_in_periods.period_grain,
        months_in_periods.period_start_date,
        segmented.segment,
        segmented.site_id,
        segmented.region,
        segmented.product_family,
        segmented.channel,
        segmented.priority,
        segmented.excluded_reason,
        segmented.numerator,
        segmented.denominator,
        segmented.numerator_squares,
        segmented.eligible_count,
        segmented.immature_count,
        segmented.censored_count,
        segmented.excluded_count
    from segmented
    inner join months_in_periods on segmented.period_start_date = months_in_periods.month_start_date
    where segmented.is_summable

    union all

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority,
        excluded_reason,
        numerator,
        denominator,
        numerator_squares,
        eligible_count,
        immature_count,
        censored_count,
        excluded_count
    from segmented
    where not is_summable

),

by_reason as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority,
        excluded_reason,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(numerator_squares) as numerator_squares,
        cast(sum(eligible_count) as bigint) as eligible_count,
        cast(sum(immature_count) as bigint) as immature_count,
        cast(sum(censored_count) as bigint) as censored_count,
        cast(sum(excluded_count) as bigint) as excluded_count
    from spread
    group by
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority,
        excluded_reason

),

summed as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority,
        {{ dbt.listagg(
            "case when excluded_count > 0 then excluded_reason || ' ' || excluded_count end",
            "', '",
            "order by excluded_reason"
        ) }} as excluded_reason,
        cast(sum(numerator) as double) as numerator,
        cast(sum(denominator) as double) as denominator,
        cast(sum(numerator_squares) as double) as numerator_squares,
        cast(sum(eligible_count) as bigint) as eligible_count,
        cast(sum(immature_count) as bigint) as immature_count,
        cast(sum(censored_count) as bigint) as censored_count,
        cast(sum(excluded_count) as bigint) as excluded_count
    from by_reason
    group by
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority

),

-- A quantile is no sum of items: it comes ready for each period and segment, with its interval.
measured as (

    select
        summed.*,
        cast(null as double) as quantile_value,
        cast(null as double) as quantile_low,
        cast(null as double) as quantile_high
    from summed

    union all

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority,
        excluded_reason,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        cast(null as double) as numerator_squares,
        eligible_count,
        immature_count,
        censored_count,
        excluded_count,
        value as quantile_value,
        interval_low as quantile_low,
        interval_high as quantile_high
    from quantiles

),

valued as (

    select
        measured.*,
        definitions.definition_version,
        definitions.unit,
        definitions.direction,
        definitions.interval_method,
        definitions.kind,
        coalesce(
            measured.quantile_value,
            {{ kpi_value('definitions.kind', 'measured.numerator', 'measured.denominator') }}
        ) as value,
        definitions.target,
        definitions.worst,
        definitions.best,
        definitions.is_complete,
        definitions.period_end_date,
        definitions.as_of_at
    from measured
    inner join definitions
        on
            measured.kpi_id = definitions.kpi_id
            and measured.period_grain = definitions.period_grain
            and measured.period_start_date = definitions.period_start_date
    where
        measured.segment = 'all'
        or ' ' || coalesce(definitions.segments, '') || ' ' like '% ' || measured.segment || ' %'

)

select
    kpi_id,
    period_grain,
    period_start_date,
    segment,
    site_id,
    region,
    product_family,
    channel,
    priority,
    unit,
    {{ kpi_status('value', 'direction', 'target', 'worst', 'best') }} as status,
    -- Until the gates have been asked.
    'ok' as trust,
    definition_version,
    excluded_reason,
    value,
    numerator,
    -- A total is divided by nothing.
    case when kind = 'total' then 1.0 else denominator end as denominator,
    eligible_count,
    immature_count,
    censored_count,
    excluded_count,
    coalesce(
        quantile_low,
        {{ kpi_interval_bound(
            'interval_method', 'numerator', 'denominator', 'numerator_squares', '-'
        ) }}
    ) as interval_low,
    coalesce(
        quantile_high,
        {{ kpi_interval_bound(
            'interval_method', 'numerator', 'denominator', 'numerator_squares', '+'
        ) }}
    ) as interval_high,
    -- The sums are those of single items only where each is 1 in the denominator.
    case
        when kind = 'mean' and interval_method = 'normal' and denominator = eligible_count
            then {{ sample_deviation('numerator', 'numerator_squares', 'denominator') }}
    end as standard_deviation,
    target,
    {{ score_between('value', 'worst', 'best') }} as score,
    is_complete,
    period_end_date,
    as_of_at
from valued
