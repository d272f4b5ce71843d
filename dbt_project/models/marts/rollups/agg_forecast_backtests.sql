with days as (

    select
        *,
        abs(contact_count - lag(contact_count, 7) over (
            partition by kind, site_id order by contact_date
        )) as week_difference
    from {{ ref('agg_contact_days') }}

),

-- How far the last week was off, over all days up to one: what a scaled error is scaled by.
scales as (

    select
        kind,
        site_id,
        contact_date,
        cast(sum(week_difference) over history as double)
        / nullif(count(week_difference) over history, 0) as naive_error
    from days
    where not is_ahead
    window
        history as (
            partition by kind, site_id order by contact_date
            rows between unbounded preceding and current row
        )

),

-- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
errors as (

    select
        forecasts.kind,
        forecasts.site_id,
        forecasts.method,
        forecasts.cut_off_date,
        days.contact_count,
        cast(forecasts.expected_count - days.contact_count as decimal(18, 4)) as error,
        days.contact_count >= forecasts.low_count
        and days.contact_count <= forecasts.high_count as is_within,
        scales.naive_error
    from {{ ref('int_contacts_forecast') }} as forecasts
    inner join days
        on
            forecasts.kind = days.kind
            and forecasts.site_id = days.site_id
            and forecasts.forecast_date = days.contact_date
            and not days.is_ahead
    left join scales
        on
            forecasts.kind = scales.kind
            and forecasts.site_id = scales.site_id
            and forecasts.cut_off_date = scales.contact_date

),

-- Squares say which method is closer: they are least for the mean, which staff is planned by.
-- Absolute errors are least for the median, and that of a site with a visit every third day is 0.
by_cut_off as (

    select
        kind,
        site_id,
        method,
        cut_off_date,
        count(*) as day_count,
        cast(sum(contact_count) as bigint) as contact_count,
        sum(abs(error)) as absolute_error,
        sum(error * error) as squared_error,
        sum(error) as error,
        sum(cast(abs(error) / nullif(naive_error, 0) as decimal(18, 9))) as scaled_error,
        count(nullif(naive_error, 0)) as scaled_count,
        count(*) filter (where is_within) as within_count
    from errors
    group by kind, site_id, method, cut_off_date

),

compared as (

    select
        by_cut_off.*,
        by_cut_off.squared_error < baseline.squared_error as is_better
    from by_cut_off
    inner join by_cut_off as baseline
        on
            by_cut_off.kind = baseline.kind
            and by_cut_off.site_id = baseline.site_id
            and by_cut_off.cut_off_date = baseline.cut_off_date
            and baseline.method = 'seasonal_naive'

),

tested as (

    select
        kind,
        site_id,
        method,
        count(*) as cut_off_count,
        cast(sum(day_count) as bigint) as day_count,
        cast(sum(contact_count) as bigint) as contact_count,
        sum(absolute_error) as absolute_error,
        sum(squared_error) as squared_error,
        cast(sum(error) as double) as error,
        cast(sum(scaled_error) as double) / nullif(cast(sum(scaled_count) as double), 0)
            as scaled_error,
        cast(sum(within_count) as bigint) as within_count,
        count(*) filter (where is_better) as better_count
    from compared
    group by kind, site_id, method

),

-- A series that is too short or too sparse has a row too, which says so.
series as (

    select distinct
        kind,
        site_id,
        series_state
    from days

),

methods as (

    select
        'seasonal_naive' as method,
        1 as simplicity
    union all
    select
        'weekday_mean' as method,
        2 as simplicity
    union all
    select
        'calendar_model' as method,
        3 as simplicity

),

judged as (

    select
        series.kind,
        series.site_id,
        methods.method,
        methods.simplicity,
        case
            when series.series_state <> 'enough' then series.series_state
            when {{ sign_test_wins('tested.cut_off_count') }} is null then 'unjudged'
            when tested.cut_off_count is null then 'unjudged'
            when methods.method = 'seasonal_naive' then 'baseline'
            when
                tested.better_count >= {{ sign_test_wins('tested.cut_off_count') }}
                and tested.squared_error < baseline.squared_error
                then 'better'
            else 'not_better'
        end as verdict,
        coalesce(tested.cut_off_count, 0) as cut_off_count,
        coalesce(tested.day_count, 0) as day_count,
        coalesce(tested.contact_count, 0) as contact_count,
        coalesce(tested.better_count, 0) as better_count,
        {{ sign_test_wins('tested.cut_off_count') }} as needed_count,
        sqrt(cast(tested.squared_error as double) / tested.day_count) as root_mean_squared_error,
        cast(tested.absolute_error as double) / tested.day_count as mean_absolute_error,
        cast(tested.absolute_error as double) / nullif(tested.contact_count, 0)
            as weighted_error_ratio,
        tested.scaled_error,
        tested.error / nullif(tested.contact_count, 0) as bias_ratio,
        cast(tested.within_count as double) / tested.day_count as coverage_share
    from series
    cross join methods
    left join tested
        on
            series.kind = tested.kind
            and series.site_id = tested.site_id
            and methods.method = tested.method
    left join tested as baseline
        on
            series.kind = baseline.kind
            and series.site_id = baseline.site_id
            and baseline.method = 'seasonal_naive'

),

ranked as (

    select
        *,
        row_number() over (
            partition by kind, site_id
            order by
                case when verdict = 'better' then 0 else 1 end,
                case when verdict = 'better' then root_mean_squared_error else 0.0 end,
                simplicity
        ) as method_rank
    from judged

)

select
    kind,
    site_id,
    method,
    verdict,
    cut_off_count,
    day_count,
    contact_count,
    better_count,
    cast(needed_count as bigint) as needed_count,
    root_mean_squared_error,
    mean_absolute_error,
    weighted_error_ratio,
    scaled_error,
    bias_ratio,
    coverage_share,
    method_rank = 1 and verdict not in ('too_short', 'too_few') as is_chosen
from ranked
