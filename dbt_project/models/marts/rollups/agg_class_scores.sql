with kpi_values as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        score,
        is_complete,
        period_end_date,
        as_of_at
    from {{ ref('kpi_values') }}
    where segment in ('all', 'site', 'region')

),

definitions as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        kpi_class,
        weight
    from {{ ref('int_kpi_definitions') }}

),

classes as (

    select distinct kpi_class from {{ ref('dim_kpis') }}

),

places as (

    select distinct
        period_grain,
        period_start_date,
        segment,
        site_id,
        region,
        is_complete,
        period_end_date,
        as_of_at
    from kpi_values

),

-- Sums of decimals do not depend on the order in which threads add.
summed as (

    select
        kpi_values.period_grain,
        kpi_values.period_start_date,
        definitions.kpi_class,
        kpi_values.segment,
        kpi_values.site_id,
        kpi_values.region,
        sum(cast(definitions.weight * kpi_values.score as decimal(18, 9))) as weighted_score,
        sum(cast(definitions.weight as decimal(18, 9))) as scored_weight,
        count(*) as scored_kpi_count
    from kpi_values
    inner join definitions
        on
            kpi_values.kpi_id = definitions.kpi_id
            and kpi_values.period_grain = definitions.period_grain
            and kpi_values.period_start_date = definitions.period_start_date
    where kpi_values.score is not null and definitions.weight > 0
    group by
        kpi_values.period_grain,
        kpi_values.period_start_date,
        definitions.kpi_class,
        kpi_values.segment,
        kpi_values.site_id,
        kpi_values.region

)

-- Each class has a row in each place: one of which nothing was scored shows 0 of its weight. A
-- score must stand on half of the weight, else a class would stand on one minor KPI.
select
    places.period_grain,
    places.period_start_date,
    classes.kpi_class,
    places.segment,
    places.site_id,
    places.region,
    case
        when summed.scored_weight >= 50
            then
                100 * cast(summed.weighted_score as double) / cast(summed.scored_weight as double)
    end as class_score,
    coalesce(cast(summed.scored_weight as double), 0.0) as scored_weight,
    coalesce(summed.scored_kpi_count, 0) as scored_kpi_count,
    places.is_complete,
    places.period_end_date,
    places.as_of_at
from places
cross join classes
left join summed
    on
        places.period_grain = summed.period_grain
        and places.period_start_date = summed.period_start_date
        and classes.kpi_class = summed.kpi_class
        and places.segment = summed.segment
        and places.site_id = summed.site_id
        and places.region = summed.region
