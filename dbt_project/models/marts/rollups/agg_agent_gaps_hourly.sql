{%- set count_columns = ['expected_count', 'expected_low_count'] -%}

with days as (  -- noqa: PRS

    select
        contact_date,
        day_kind,
        is_ahead,
        min(case when is_ahead then contact_date end) over () as as_of_date
    from {{ ref('agg_contact_days') }}
    where kind = 'calls' and site_id = 'all'

),

hours as (

    select
        calls.hour_at,
        calls.local_hour,
        calls.iso_weekday,
        days.day_kind,
        calls.offered_count,
        calls.answered_count,
        calls.abandoned_count,
        calls.short_abandon_count,
        calls.voicemail_count,
        cast(calls.offered_load_erlangs as decimal(18, 9)) as offered_load_erlangs,
        calls.rostered_agents,
        calls.target_share,
        calls.target_seconds,
        calls.local_date,
        days.as_of_date,
        {{ is_off_day('calls.iso_weekday', 'days.day_kind') }} as is_off_day,
        cast(date_trunc('month', calls.local_date) as date) as month_start_date
    from {{ ref('agg_calls_hourly') }} as calls
    inner join days on calls.local_date = days.contact_date
    where calls.queue = 'all' and not days.is_ahead

),

-- What a call offered brings in work, and how long it takes whoever is served, over all hours.
work as (

    select
        cast(sum(cast(offered_load_erlangs as decimal(24, 9))) as double) * 3600
        / nullif(cast(sum(offered_count) as double), 0) as seconds_per_call,
        cast(sum(cast(offered_load_erlangs as decimal(24, 9))) as double) * 3600
        / nullif(cast(sum(
            answered_count + abandoned_count - short_abandon_count + voicemail_count
        ) as double), 0) as handle_seconds
    from hours

),

-- In hindsight: what the hour of such days of the month brought in the mean. The calls of a single
-- hour are chance, and nobody could have rostered for them.
past as (

    select
        *,
        sum(offered_count) over cell as profile_count,
        count(*) over cell as hour_count
    from hours
    where rostered_agents is not null
    window cell as (partition by month_start_date, is_off_day, local_hour)

),

usual_roster as (

    select
        iso_weekday,
        local_hour,
        cast(cast(sum(rostered_agents) as double) / count(*) as decimal(18, 6)) as rostered_agents
    from hours
    where
        rostered_agents is not null
        and local_date >= cast(as_of_date - interval {{ usual_roster_days() }} day as date)
    group by iso_weekday, local_hour

),

expected as (

    select
        hour_at,
        local_hour,
        iso_weekday,
        day_kind,
        cast(profile_count as double) / hour_count as expected_count,
        {{ poisson_bound(
            'cast(profile_count as double)', 'cast(hour_count as double)', '-'
        ) }} as expected_low_count,
        rostered_agents,
        target_share,
        target_seconds,
        false as is_ahead,
        local_date
    from past

    union all

    select
        forecasts.hour_at,
        forecasts.local_hour,
        forecasts.iso_weekday,
        forecasts.day_kind,
        forecasts.expected_count,
        forecasts.expected_count * {{ poisson_bound(
            'cast(forecasts.profile_count as double)',
            'cast(forecasts.profile_count as double)',
            '-'
        ) }} as expected_low_count,
        usual_roster.rostered_agents,
        cast({{ call_policy('target_share') }} as double) as target_share,
        cast({{ call_policy('target_seconds') }} as double) as target_seconds,
        true as is_ahead,
        forecasts.local_date
    from {{ ref('agg_contact_forecasts_hourly') }} as forecasts
    left join usual_roster
        on
            forecasts.iso_weekday = usual_roster.iso_weekday
            and forecasts.local_hour = usual_roster.local_hour
    {{ join_call_policies("'all'", 'forecasts.local_date') }}
    where forecasts.kind = 'calls'

),

loaded as (

    select
        expected.*,
        work.handle_seconds,
        {%- for column in count_columns %}
            round(coalesce({{ column }}, 0) * work.seconds_per_call / 3600, 6)
                as {{ column }}_erlangs{{ ',' if not loop.last }}
        {%- endfor %}
    from expected
    cross join work

),

loads as (

    {%- for column in count_columns %}
        select
            {{ column }}_erlangs as load,
            handle_seconds,
            target_share,
            target_seconds
        from loaded
        where
            {{ column }}_erlangs > 0
            and handle_seconds > 0
            and target_share is not null
            and target_seconds is not null
        {% if not loop.last %}union{% endif %}
    {%- endfor %}

),

demand as (

    select
        row_number() over (order by load, target_share, target_seconds) as load_id,
        load,
        handle_seconds,
        cast(null as double) as patience_seconds,
        target_share,
        target_seconds
    from loads

),

required_agents as (

    {{ require_agents('demand') }}

),

needs as (

    select
        demand.load,
        demand.target_share,
        demand.target_seconds,
        required_agents.erlang_c_agents as required_agents
    from demand
    inner join required_agents on demand.load_id = required_agents.load_id

),

needed as (

    select
        loaded.*,
        case
            when loaded.expected_count_erlangs = 0 then 0 else needs.required_agents
        end as required_agents,
        case
            when loaded.expected_low_count_erlangs = 0 then 0 else low_needs.required_agents
        end as required_low_agents
    from loaded
    left join needs
        on
            loaded.expected_count_erlangs = needs.load
            and loaded.target_share = needs.target_share
            and loaded.target_seconds = needs.target_seconds
    left join needs as low_needs
        on
            loaded.expected_low_count_erlangs = low_needs.load
            and loaded.target_share = low_needs.target_share
            and loaded.target_seconds = low_needs.target_seconds

),

-- Less than half an agent is a break.
gaps as (

    select
        *,
        cast(rostered_agents - required_agents as decimal(18, 6)) as agent_gap,
        cast(
            case
                when rostered_agents - required_agents <= -0.5
                    then required_agents - rostered_agents
                when rostered_agents - required_agents > -0.5 then 0
            end as decimal(18, 6)
        ) as lacking_hours,
        cast(
            case
                when rostered_agents - required_low_agents <= -0.5
                    then required_low_agents - rostered_agents
                when rostered_agents - required_low_agents > -0.5 then 0
            end as decimal(18, 6)
        ) as lacking_low_hours
    from needed

)

select
    gaps.hour_at,
    gaps.day_kind,
    gaps.local_hour,
    gaps.iso_weekday,
    gaps.expected_count,
    gaps.expected_count_erlangs as expected_load_erlangs,
    gaps.required_agents,
    gaps.required_low_agents,
    gaps.rostered_agents,
    gaps.agent_gap,
    gaps.lacking_hours,
    gaps.lacking_low_hours,
    cast(round(gaps.lacking_hours * costs.hour_cost_amount, 4) as decimal(18, 4)) as cost_amount,
    gaps.lacking_hours > 0 as is_lacking,
    gaps.is_ahead,
    gaps.local_date
from gaps
left join {{ ref('agg_labor_hour_costs') }} as costs on costs.work_role = 'agent'
