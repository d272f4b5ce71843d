{% set series -%}
    kpi_id, period_grain, segment, site_id, region, product_family, channel, priority
{%- endset %}

with definitions as (

    select * from {{ ref('int_kpi_definitions') }}

),

readings as (

    select
        kpi_values.kpi_id,
        kpi_values.period_grain,
        kpi_values.period_start_date,
        kpi_values.segment,
        kpi_values.site_id,
        kpi_values.region,
        kpi_values.product_family,
        kpi_values.channel,
        kpi_values.priority,
        kpi_values.unit,
        definitions.direction,
        kpi_values.value,
        -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
        cast(kpi_values.value as decimal(38, 9)) as reading,
        -- An interval without width is that of items that are all alike; it says nothing.
        case
            when kpi_values.interval_high > kpi_values.interval_low then kpi_values.interval_low
        end as interval_low,
        case
            when kpi_values.interval_high > kpi_values.interval_low then kpi_values.interval_high
        end as interval_high,
        kpi_values.target,
        cast(floor(
            {{ month_number('kpi_values.period_start_date') }}
            / case kpi_values.period_grain when 'month' then 1 when 'quarter' then 3 else 12 end
        ) as bigint) as period_number,
        case kpi_values.period_grain when 'month' then 12 when 'quarter' then 4 else 1 end
            as periods_of_a_year,
        kpi_values.status = 'off_target' as is_off_target,
        -- A total has no sample: it is the count.
        definitions.kind = 'total'
        or kpi_values.eligible_count >= {{ least_sample_of_a_change() }} as is_enough,
        kpi_values.is_complete,
        kpi_values.period_end_date
    from {{ ref('kpi_values') }} as kpi_values
    inner join definitions
        on
            kpi_values.kpi_id = definitions.kpi_id
            and kpi_values.period_grain = definitions.period_grain
            and kpi_values.period_start_date = definitions.period_start_date
    where kpi_values.period_grain <> 'all' and kpi_values.value is not null

),

regimes as (

    select * from {{ ref('int_kpi_regimes') }}

),

-- Beside each reading the latest declared event before it, of the whole company or of its site.
dated as (

    select
        readings.*,
        greatest(
            coalesce(of_all.rebased_date, of_site.rebased_date),
            coalesce(of_site.rebased_date, of_all.rebased_date)
        ) as rebased_date
    from readings
    left join regimes as of_all
        on
            readings.kpi_id = of_all.kpi_id
            and readings.period_grain = of_all.period_grain
            and readings.period_start_date = of_all.period_start_date
            and of_all.site_id = 'all'
    left join regimes as of_site
        on
            readings.kpi_id = of_site.kpi_id
            and readings.period_grain = of_site.period_grain
            and readings.period_start_date = of_site.period_start_date
            and readings.site_id = of_site.site_id
            and readings.site_id <> 'all'

),

-- Beside each reading the one before it, which need not be that of the period before.
followed as (

    select
        *,
        abs(reading - lag(reading) over regime) as moving_range,
        lag(reading, 1) over regime as reading_1_before,
        lag(reading, 2) over regime as reading_2_before,
        coalesce(lag(period_number) over latest = period_number - 1, false) as follows,
        coalesce(lag(is_off_target) over latest, false) as was_off_target,
        coalesce(lag(is_enough) over latest, false) as was_enough,
        lag(value) over latest as value_before,
        lag(interval_low) over latest as low_before,
        lag(interval_high) over latest as high_before
    from dated
    window
        latest as (partition by {{ series }} order by period_start_date),
        regime as (partition by {{ series }}, rebased_date order by period_start_date)

),

-- The baseline of a reading are those before it, back to the latest declared event; all of them are
-- complete, since only the newest period is not.
charted as (

    select
        *,
        count(*) over baseline as baseline_count,
        sum(reading) over baseline as baseline_sum,
        sum(moving_range) over ranges as range_sum,
        count(moving_range) over ranges as range_count,
        min(reading) over run as run_low,
        max(reading) over run as run_high,
        max(case when not (is_off_target and was_off_target and follows) then period_number end)
            over so_far as state_since,
        -- Readings that never moved tell no limits: any next one would lie beyond them.
        is_complete
        and count(*) over baseline >= {{ individuals_chart_minimum() }}
        and sum(moving_range) over ranges > 0 as has_limits
    from followed
    window
        baseline as (
            partition by {{ series }}, rebased_date order by period_start_date
            rows between {{ individuals_chart_maximum() }} preceding and 1 preceding
        ),
        ranges as (
            partition by {{ series }}, rebased_date order by period_start_date
            rows between {{ individuals_chart_maximum() | int - 1 }} preceding and 1 preceding
        ),
        run as (
            partition by {{ series }}, rebased_date order by period_start_date
            rows between {{ individuals_chart_run() | int - 1 }} preceding and current row
        ),
        so_far as (
            partition by {{ series }} order by period_start_date
            rows between unbounded preceding and current row
        )

),

-- Beside each reading the one a year before it.
compared as (

    select
        charted.*,
        earlier.value as year_before_value,
        earlier.interval_low as year_before_low,
        earlier.interval_high as year_before_high,
        coalesce(earlier.is_enough, false) as year_before_is_enough
    from charted
    left join readings as earlier
        on
            charted.kpi_id = earlier.kpi_id
            and charted.period_grain = earlier.period_grain
            and charted.period_number - charted.periods_of_a_year = earlier.period_number
            and charted.segment = earlier.segment
            and charted.site_id = earlier.site_id
            and charted.region = earlier.region
            and charted.product_family = earlier.product_family
            and charted.channel = earlier.channel
            and charted.priority = earlier.priority

),

limited as (

    select
        *,
        case when follows then value_before end as previous_value,
        case when follows then value - value_before end as change,
        case
            when follows and is_complete
                then
                    {{ difference_bound(
                        'value', 'interval_low', 'value_before', 'high_before', '-'
                    ) }}
        end as change_low,
        case
            when follows and is_complete
                then
                    {{ difference_bound(
                        'value', 'interval_high', 'value_before', 'low_before', '+'
                    ) }}
        end as change_high,
        case
            when has_limits
                then cast(baseline_sum as double) / baseline_count
        end as limit_center,
        case
            when has_limits
                then {{ individuals_chart_factor() }} * cast(range_sum as double) / range_count
        end as limit_reach,
        value - year_before_value as year_change,
        case
            when is_complete
                then
                    {{ difference_bound(
                        'value', 'interval_low', 'year_before_value', 'year_before_high', '-'
                    ) }}
        end as year_change_low,
        case
            when is_complete
                then
                    {{ difference_bound(
                        'value', 'interval_high', 'year_before_value', 'year_before_low', '+'
                    ) }}
        end as year_change_high
    from compared

),

signalled as (

    select
        *,
        case
            when limit_center is null then null
            when abs(value - limit_center) > limit_reach then 'beyond_limits'
            when {{ is_twice_near_limit('limit_center', 'limit_reach', '+') }} then 'near_limit'
            when {{ is_twice_near_limit('limit_center', 'limit_reach', '-') }} then 'near_limit'
            when run_low * baseline_count > baseline_sum then 'run'
            when run_high * baseline_count < baseline_sum then 'run'
            else 'none'
        end as signal
    from limited

),

judged as (

    select
        *,
        case
            when not is_complete or change is null then 'unknown'
            when not (is_enough and was_enough) then 'unknown'
            when change_low > 0 or change_high < 0 then 'real'
            when signal = 'beyond_limits' and change <> 0 then 'real'
            when change_low is not null or signal is not null then 'noise'
            else 'unknown'
        end as verdict
    from signalled

),

-- The limits are those of one reading after the other and say nothing of a year's change: it has
-- its interval alone. Of a year both comparisons are one, and say the same.
judged_by_year as (

    select
        *,
        case
            when period_grain = 'year' then verdict
            when not (is_enough and year_before_is_enough) then 'unknown'
            when year_change_low > 0 or year_change_high < 0 then 'real'
            when year_change_low is not null then 'noise'
            else 'unknown'
        end as year_verdict,
        case
            when verdict = 'unknown' then null
            when change_low is null then abs(change) / limit_reach
            when change >= 0 then change / nullif(change - change_low, 0)
            else change / nullif(change - change_high, 0)
        end as strength
    from judged

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
    signal,
    verdict,
    value,
    previous_value,
    change,
    change_low,
    change_high,
    limit_center,
    limit_center - limit_reach as limit_low,
    limit_center + limit_reach as limit_high,
    strength,
    year_verdict,
    year_before_value,
    year_change,
    year_change_low,
    year_change_high,
    case
        when period_grain = 'year' then strength
        when year_verdict = 'unknown' then null
        when year_change >= 0 then year_change / nullif(year_change - year_change_low, 0)
        else year_change / nullif(year_change - year_change_high, 0)
    end as year_strength,
    baseline_count,
    rebased_date,
    case
        when not is_complete then null
        when is_off_target then period_number - state_since + 1
        else 0
    end as off_target_count,
    case
        when is_complete and target is not null and change <> 0
            then (change > 0) = (direction = 'higher')
    end as is_better,
    case
        when is_complete and target is not null and year_change <> 0
            then (year_change > 0) = (direction = 'higher')
    end as year_is_better,
    is_complete,
    period_end_date
from judged_by_year
