with demand as (  -- noqa: PRS

    select distinct
        load_id,
        offered_load_erlangs as load,
        mean_handle_seconds as handle_seconds,
        patience_seconds,
        target_share,
        target_seconds
    from {{ ref('int_kpi_call_hours') }}
    where
        offered_load_erlangs > 0
        and mean_handle_seconds > 0
        and target_share is not null
        and target_seconds is not null

),

required_agents as (

    {{ require_agents('demand') }}

)

select
    load_id,
    erlang_c_agents,
    erlang_a_agents
from required_agents
