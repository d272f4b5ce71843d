with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

outcomes as (

    select * from {{ ref('fct_sla_outcomes') }}

),

tickets as (

    select
        ticket_id,
        technician_id,
        issue_family,
        exit_kind,
        first_response_state,
        resolution_state,
        created_date
    from {{ ref('int_kpi_ticket_clocks') }}

),

joined as (

    select
        outcomes.metric,
        tickets.technician_id,
        outcomes.site_id,
        outcomes.product_family,
        tickets.issue_family,
        outcomes.channel,
        outcomes.priority,
        outcomes.outcome,
        tickets.exit_kind,
        outcomes.due_at <= as_of.as_of_at as is_due,
        case
            when outcomes.metric = 'first_response' then tickets.first_response_state
            else tickets.resolution_state
        end as clock_state,
        -- What is not due yet is shown as immature on the last day; without a due time the day of
        -- creation must do.
        least(coalesce(outcomes.due_date, tickets.created_date), as_of.last_date) as counted_date
    from outcomes
    inner join tickets on outcomes.ticket_id = tickets.ticket_id
    cross join as_of

),

-- Eligible is what is due, not what is resolved: dropping open requests would flatter the share
-- (simulated truth 65.3 %, resolved-only 75.9 %). A response that nobody recorded is neither met
-- nor breached: the clock never showed a time.
stated as (

    select
        *,
        case
            when outcome = 'no_policy' then 'no_policy'
            when exit_kind = 'merged' then 'merged'
            when clock_state in ('time_fault', 'not_recorded') then clock_state
            when outcome = 'cancelled' then 'cancelled'
            when is_due then 'counted'
            else 'immature'
        end as attainment_state,
        cast(case when outcome = 'met' then 1 else 0 end as decimal(18, 4)) as met_count
    from joined

),

-- Completion asks of all requests: what the customer cancelled stays in its denominator.
measures as (

    select
        'first_response_sla_attainment' as kpi_id,
        'first_response' as metric,
        false as counts_cancelled

    union all

    select
        'resolution_sla_attainment' as kpi_id,
        'resolution' as metric,
        false as counts_cancelled

    union all

    select
        'sla_completion_rate' as kpi_id,
        'resolution' as metric,
        true as counts_cancelled

)

select
    measures.kpi_id,
    stated.technician_id,
    stated.site_id,
    stated.product_family,
    stated.issue_family,
    stated.channel,
    stated.priority,
    case
        when stated.attainment_state <> 'cancelled' or not measures.counts_cancelled
            then stated.attainment_state
        when stated.is_due then 'counted'
        else 'immature'
    end as item_state,
    stated.met_count as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    stated.counted_date
from stated
inner join measures on stated.metric = measures.metric
