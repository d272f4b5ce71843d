with hours as (

    select * from {{ ref('int_kpi_call_hours') }}

),

staffing as (

    select * from {{ ref('int_kpi_call_staffing') }}

),

staffed as (

    select
        hours.*,
        -- Nobody calls, nobody is needed.
        case
            when hours.offered_load_erlangs = 0 then 0 else staffing.erlang_c_agents
        end as required_agents,
        case
            when hours.offered_load_erlangs = 0 then 0 else staffing.erlang_a_agents
        end as required_agents_erlang_a
    from hours
    left join staffing on hours.load_id = staffing.load_id

)

select
    hour_at,
    queue,
    cast(extract(hour from {{ local_time('hour_at') }}) as bigint) as local_hour,
    cast({{ iso_weekday('local_date') }} as bigint) as iso_weekday,
    offered_count,
    answered_count,
    answered_in_target_count,
    abandoned_count,
    short_abandon_count,
    voicemail_count,
    cast(answered_in_target_count as double)
    / nullif(offered_count - (answered_count - timed_count), 0) as service_level,
    cast(wait_seconds as double) / nullif(timed_count, 0) as average_speed_of_answer_seconds,
    cast(handle_seconds as double) / nullif(measured_count, 0) as average_handle_seconds,
    talk_seconds,
    hold_seconds,
    wrap_seconds,
    busy_seconds,
    outbound_busy_seconds,
    cast(busy_seconds as double) / 3600 as load_erlangs,
    offered_load_erlangs,
    rostered_agents,
    case
        when queue = 'all'
            then
                cast(busy_seconds + outbound_busy_seconds as double)
                / nullif(cast(rostered_agents as double) * 3600, 0)
    end as occupancy,
    target_share,
    target_seconds,
    patience_seconds,
    required_agents,
    required_agents_erlang_a,
    cast(rostered_agents - required_agents as decimal(18, 6)) as agent_gap,
    local_date
from staffed
