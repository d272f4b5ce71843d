{%- set bands = [10, 25, 50, 100] -%}

with as_of as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

-- How far the nearest site of as-of is.
points as (

    select
        latitude,
        longitude,
        min(distance_km) as nearest_km
    from {{ ref('int_demand_distances') }}
    where place_kind = 'site'
    group by latitude, longitude

),

customers as (

    select
        locations.customer_id,
        points.nearest_km
    from {{ ref('int_customers_located') }} as locations
    inner join points
        on
            locations.latitude = points.latitude
            and locations.longitude = points.longitude
    where locations.location_source <> 'unknown'

),

dated_visits as (

    select
        *,
        {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            as worked_date
    from {{ ref('fct_visits') }}
    where
        outcome in ('completed', 'not_fixed', 'no_show')
        and coalesce(service_mode, 'on_site') = 'on_site'

),

visits as (

    select
        customers.nearest_km,
        visits.travel_minutes,
        outcomes.is_met
    from dated_visits as visits
    cross join as_of
    inner join customers on visits.customer_id = customers.customer_id
    left join {{ ref('fct_sla_outcomes') }} as outcomes
        on
            visits.visit_id = outcomes.subject_id
            and outcomes.metric = 'visit_arrival'
            and outcomes.is_eligible
    where
        visits.worked_date > as_of.last_date - interval 365 day
        and visits.worked_date <= as_of.last_date

),

banded as (

    select
        *,
        case
            {%- for band in bands %}
                when nearest_km <= {{ band }} then {{ loop.index }}
            {%- endfor %}
            else {{ bands | length + 1 }}
        end as band_number
    from visits

),

summed as (

    select
        coalesce(band_number, 0) as band_number,
        count(*) as visit_count,
        cast(sum(cast(nearest_km as decimal(18, 4))) as double) / count(*) as mean_km,
        cast(sum(travel_minutes) as double)
        / nullif(count(travel_minutes), 0) as travel_mean_minutes,
        count(is_met) as judged_count,
        count(*) filter (where is_met) as met_count,
        cast(sum(
            cast(case when is_met is not null then nearest_km end as decimal(18, 4))
        ) as double) as km_sum,
        cast(sum(
            cast(case when is_met then nearest_km end as decimal(18, 4))
        ) as double) as met_km_sum,
        cast(sum(
            cast(case when is_met is not null then nearest_km * nearest_km end as decimal(24, 4))
        ) as double) as km_squares
    from banded
    group by grouping sets ((band_number), ())  -- noqa: PRS

),

-- Trend of a share along a quantity (P. Armitage 1955, Biometrics 11): what a kilometre has to do
-- with a kept promise, in standard errors.
trended as (

    select
        *,
        case
            when band_number = 0 and met_count > 0 and met_count < judged_count
                then
                    (met_km_sum - km_sum * met_count / judged_count)
                    / nullif(sqrt(
                        cast(met_count as double) / judged_count
                        * (1 - cast(met_count as double) / judged_count)
                        * (km_squares - km_sum * km_sum / judged_count)
                    ), 0)
        end as trend_z
    from summed

),

-- The books of the twelve months to the last one that is in.
transport_months as (

    select
        cost_month_date,
        sum(amount) as amount,
        row_number() over (order by cost_month_date desc) as recency
    from {{ ref('fct_costs') }}
    where component = 'transport'
    group by cost_month_date

),

transport as (

    select case when count(*) = 12 then cast(sum(amount) as decimal(18, 4)) end as amount
    from transport_months
    where recency <= 12

),

travelled as (

    -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
    select cast(sum(cast(travel_km as decimal(28, 6))) as double) as travel_km
    from {{ ref('agg_demand_places') }}

)

select
    case trended.band_number
        when 0 then 'all'
        {%- for band in bands %}
            {%- set from_km = bands[loop.index0 - 1] if loop.index0 else 0 %}
            when {{ loop.index }} then '{{ from_km }}_to_{{ band }}_km'
        {%- endfor %}
        else 'over_{{ bands | last }}_km'
    end as distance_band,
    cast(trended.band_number as bigint) as band_number,
    cast(trended.visit_count as bigint) as visit_count,
    trended.mean_km,
    trended.travel_mean_minutes,
    cast(trended.judged_count as bigint) as judged_count,
    cast(trended.met_count as bigint) as met_count,
    cast(trended.met_count as double) / nullif(trended.judged_count, 0) as met_share,
    {{ wilson_bound(
        'cast(trended.met_count as double)', 'cast(trended.judged_count as double)', '-'
    ) }} as met_share_low,
    {{ wilson_bound(
        'cast(trended.met_count as double)', 'cast(trended.judged_count as double)', '+'
    ) }} as met_share_high,
    trended.trend_z,
    case
        when trended.band_number = 0 then coalesce(abs(trended.trend_z) > {{ z_95() }}, false)
    end as is_associated,
    case when trended.band_number = 0 then transport.amount end as transport_amount,
    case
        when trended.band_number = 0
            then cast(transport.amount as double) / nullif(travelled.travel_km, 0)
    end as amount_per_km
from trended
cross join transport
cross join travelled
