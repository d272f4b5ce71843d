{#
    Staffing formulas of queueing theory. `load` is the offered load a in Erlangs (arrival rate × mean handling time),
    `agents` n, `blocking` Erlang's B. Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of
    significance in automatic telephone exchanges" (1917) for B and C; R. B. Cooper, "Introduction to Queueing Theory"
    (2nd ed. 1981), chapter 3, for the recursion; C. Palm (1957), and A. Mandelbaum and S. Zeltyn, "Service engineering in
    action: the Palm/Erlang-A queue" (2007), for Erlang A; S. Zeltyn and A. Mandelbaum, "Call centers with impatient
    customers" (Queueing Systems 51, 2005) for the wait of those who are served.
#}

{# B(n) from B(n − 1), B(0) = 1: no factorial, nothing that overflows. #}
{% macro erlang_b(load, agents, blocking_before) -%}
    {{ load }} * {{ blocking_before }} / ({{ agents }} + {{ load }} * {{ blocking_before }})
{%- endmacro %}

{# The same backwards, B(n − 1) from B(n): for few steps from agents above the load, where it loses little. #}
{% macro erlang_b_before(load, agents, blocking) -%}
    {{ agents }} * {{ blocking }} / ({{ load }} * (1 - {{ blocking }}))
{%- endmacro %}

{#
    Erlang C: the share of contacts answered within so many seconds where nobody gives up; 0 where the load is not
    below the agents, because the queue then grows without end.
#}
{% macro erlang_c_service_level(load, agents, blocking, handle_seconds, within_seconds) -%}
    case
        when {{ agents }} > {{ load }}
            then
                1 - {{ agents }} * {{ blocking }} / ({{ agents }} - {{ load }} * (1 - {{ blocking }}))
                * exp(-({{ agents }} - {{ load }}) * {{ within_seconds }} / {{ handle_seconds }})
        else 0
    end
{%- endmacro %}

{#
    Erlang A: the share of contacts answered within so many mean patiences where callers give up after an exponential
    patience; who gives up is not answered. `blocking_before` is B(n − 1), `pace` the arrivals within a mean patience
    y = λ/θ, `drain` the contacts that the agents can end in it, c = nμ/θ.

    The density of the offered wait at u patiences is proportional to exp(y(1 − e⁻ᵘ) − cu). Its integral to infinity is the
    series 1/c + y/(c(c + 1)) + …, summed from the inside out; its integral to `within` is taken by Gauss and Legendre
    with twelve points in each half; integration by parts gives the answered from the two.
#}
{% macro erlang_a_service_level(blocking_before, pace, drain, within) -%}
    {%- set nodes = [
        (0.1252334085114689, 0.2491470458134028), (0.3678314989981802, 0.2334925365383548),
        (0.5873179542866175, 0.2031674267230659), (0.7699026741943047, 0.1600783285433462),
        (0.9041172563704749, 0.1069393259953184), (0.9815606342467192, 0.0471753363865118),
    ] -%}
    (
        1 + {{ blocking_before }} * (
            exp({{ pace }} * (1 - exp(-{{ within }})) - {{ drain }} * {{ within }}) - 1
            + {{ drain }} * {{ within }} / 4 * (
                {%- for middle in ['0.25', '0.75'] %}
                {%- set is_last_panel = loop.last %}
                {%- for node, weight in nodes %}
                {%- set is_last_node = loop.last %}
                {%- for sign in ['-', '+'] %}
                {{ weight }} * exp(
                    {{ pace }} * (1 - exp(-{{ within }} * ({{ middle }} {{ sign }} {{ node }} / 4)))
                    - {{ drain }} * {{ within }} * ({{ middle }} {{ sign }} {{ node }} / 4)
                ){{ ' +' if not (is_last_panel and is_last_node and loop.last) }}
                {%- endfor %}
                {%- endfor %}
                {%- endfor %}
            )
        )
    ) / (1 + {{ blocking_before }} * {{ pace }} / {{ drain }} * {{ erlang_a_series(pace, drain) }})
{%- endmacro %}

{# 1 + y/(c + 1) + y²/((c + 1)(c + 2)) + …, to 240 terms, from the inside out. #}
{% macro erlang_a_series(pace, drain) -%}
    {{ return(adapter.dispatch('erlang_a_series')(pace, drain)) }}
{%- endmacro %}

{% macro default__erlang_a_series(pace, drain) -%}
    {%- set ns = namespace(series='1') -%}
    {%- for term in range(240, 0, -1) -%}
        {%- set ns.series = '(1+' ~ pace ~ '/(' ~ drain ~ '+' ~ term ~ ')*' ~ ns.series ~ ')' -%}
    {%- endfor -%}
    {{ ns.series }}
{%- endmacro %}

{# Spark plans no expression that is 240 deep. #}
{% macro spark__erlang_a_series(pace, drain) -%}
    aggregate(
        sequence(240, 1, -1),
        cast(1 as double),
        (series, term) -> 1 + {{ pace }} / ({{ drain }} + term) * series
    )
{%- endmacro %}

{#
    The body of a query with one row per row of `demand` (load_id, load, handle_seconds, patience_seconds, target_share,
    target_seconds; doubles, load above 0) and its required agents: the fewest that reach the target by Erlang C, and by
    Erlang A where a patience is known.

    Agents are tried one by one from 1 on, with B carried along, until Erlang C is satisfied; with the load,
    ten of its roots and 20 nobody waits that a double could tell, so the search ends there. For Erlang A agents are
    taken away from there one by one while it stays satisfied, since who gives up takes load away; or added until it is:
    who gives up is not answered either, so high targets within a long time may need more. It is empty where more than
    300 arrive within a mean patience.
#}
{% macro require_agents(demand) -%}
with recursive tried as (

    select
        load_id,
        load,
        handle_seconds,
        target_share,
        target_seconds,
        cast(0 as bigint) as agents,
        cast(1 as double) as blocking,
        false as is_enough
    from {{ demand }}

    union all

    select
        load_id,
        load,
        handle_seconds,
        target_share,
        target_seconds,
        agents,
        blocking,
        {{ erlang_c_service_level('load', 'agents', 'blocking', 'handle_seconds', 'target_seconds') }}
        >= target_share as is_enough
    from (
        select
            load_id,
            load,
            handle_seconds,
            target_share,
            target_seconds,
            agents + 1 as agents,
            {{ erlang_b('load', '(agents + 1)', 'blocking') }} as blocking
        from tried
        where not is_enough and agents < load + 10 * sqrt(load) + 20
    ) as stepped

),

enough as (

    select
        load_id,
        agents,
        blocking
    from tried
    where is_enough

),

walked as (

    select
        load_id,
        load,
        pace,
        drain_of_one,
        target_share,
        within,
        agents,
        blocking,
        is_enough,
        case when is_enough then -1 else 1 end as step
    from (
        select
            *,
            {{ erlang_a_service_level('blocking_before', 'pace', 'drain', 'within') }} >= target_share as is_enough
        from (
            select
                demand.load_id,
                demand.load,
                demand.load * demand.patience_seconds / demand.handle_seconds as pace,
                demand.patience_seconds / demand.handle_seconds as drain_of_one,
                demand.target_share,
                demand.target_seconds / demand.patience_seconds as within,
                enough.agents,
                enough.blocking,
                {{ erlang_b_before('demand.load', 'enough.agents', 'enough.blocking') }} as blocking_before,
                enough.agents * demand.patience_seconds / demand.handle_seconds as drain
            from {{ demand }} as demand
            inner join enough on demand.load_id = enough.load_id
            where demand.load * demand.patience_seconds / demand.handle_seconds <= 300
        ) as by_erlang_c
    ) as judged

    union all

    select
        load_id,
        load,
        pace,
        drain_of_one,
        target_share,
        within,
        agents,
        blocking,
        {{ erlang_a_service_level('blocking_before', 'pace', 'drain', 'within') }} >= target_share as is_enough,
        step
    from (
        select
            *,
            {{ erlang_b_before('load', 'agents', 'blocking') }} as blocking_before,
            agents * drain_of_one as drain
        from (
            select
                load_id,
                load,
                pace,
                drain_of_one,
                target_share,
                within,
                agents + step as agents,
                case
                    when step = -1 then {{ erlang_b_before('load', 'agents', 'blocking') }}
                    else {{ erlang_b('load', '(agents + 1)', 'blocking') }}
                end as blocking,
                step
            from walked
            where
                -- Agents cannot serve more than they are: with fewer the target is not reached.
                (step = -1 and is_enough and agents - 1 >= target_share * load and agents > 1)
                or (step = 1 and not is_enough and agents < load + 10 * sqrt(load) + 20)
        ) as one_further
    ) as stepped

),

patient as (

    select
        load_id,
        min(agents) as agents
    from walked
    where is_enough
    group by load_id

)

select
    enough.load_id,
    enough.agents as erlang_c_agents,
    patient.agents as erlang_a_agents
from enough
left join patient on enough.load_id = patient.load_id
{%- endmacro %}
