with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

registry as (

    select * from {{ ref('stg_kpi_registry') }}

),

feeds as (

    select
        feed,
        is_connected
    from {{ ref('stg_build_feeds') }}

),

in_force as (

    select registry.*
    from registry
    cross join as_of
    where
        registry.valid_from_date <= as_of.last_date
        and (registry.valid_to_date is null or registry.valid_to_date >= as_of.last_date)

),

requirements as (

    select
        kpi_id,
        {{ split_words('required_feeds') }} as requirement
    from in_force

),

alternatives as (

    select
        kpi_id,
        requirement,
        {{ split_words('requirement', '|') }} as feed
    from requirements

),

-- A feed that the build does not name is not connected: a KPI is never available by a spelling
-- mistake.
met_requirements as (

    select
        alternatives.kpi_id,
        alternatives.requirement,
        bool_or(coalesce(feeds.is_connected, false)) as is_met
    from alternatives
    left join feeds on alternatives.feed = feeds.feed
    group by alternatives.kpi_id, alternatives.requirement

),

availability as (

    select
        kpi_id,
        bool_and(is_met) as is_available,
        {{ dbt.listagg(
            'case when not is_met then requirement end', "' '", 'order by requirement'
        ) }} as missing_feeds
    from met_requirements
    group by kpi_id

)

select
    in_force.kpi_id,
    in_force.name_en,
    in_force.name_zh,
    in_force.definition_en,
    in_force.definition_zh,
    in_force.kpi_class,
    in_force.audience,
    in_force.owner,
    in_force.kind,
    in_force.unit,
    in_force.direction,
    in_force.anchor,
    in_force.segments,
    in_force.interval_method,
    in_force.definition_version,
    in_force.reason,
    availability.missing_feeds,
    in_force.target,
    in_force.worst,
    in_force.best,
    in_force.weight,
    in_force.adds_up,
    availability.is_available,
    in_force.valid_from_date,
    in_force.valid_to_date
from in_force
inner join availability on in_force.kpi_id = availability.kpi_id
