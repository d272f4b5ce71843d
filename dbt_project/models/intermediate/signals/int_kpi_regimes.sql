with definitions as (

    select * from {{ ref('int_kpi_definitions') }}

),

events as (

    select * from {{ ref('stg_kpi_events') }}

)

-- A period in which the event falls is partly of the time before it: the limits begin anew with the
-- first period that is wholly after.
select
    definitions.kpi_id,
    definitions.period_grain,
    definitions.period_start_date,
    coalesce(events.site_id, 'all') as site_id,
    max(events.event_date) as rebased_date
from definitions
inner join events
    on
        definitions.period_start_date >= events.event_date
        and (events.kpi_id is null or definitions.kpi_id = events.kpi_id)
group by
    definitions.kpi_id,
    definitions.period_grain,
    definitions.period_start_date,
    coalesce(events.site_id, 'all')
