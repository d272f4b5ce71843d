with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

outcomes as (

    select * from {{ ref('fct_sla_outcomes') }}

),

tickets as (

    select
        ticket_id,
        issue_family,
        exit_kind
    from {{ ref('fct_tickets') }}

),

-- Eligible is what is due, not what is resolved: dropping open requests would flatter the share
-- (simulated truth 65.3 %, resolved-only 75.9 %). What is not due yet is shown as immature on the
-- last day; without a due time the day on which the promise began must do.
stated as (

    select
        outcomes.metric,
        outcomes.metric || '|' || outcomes.subject_id as promise_id,
        outcomes.ticket_id,
        outcomes.customer_id,
        -- Who waits for a part does not bring it.
        case when outcomes.metric <> 'parts_arrival' then outcomes.technician_id end
            as technician_id,
        outcomes.site_id,
        outcomes.product_family,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        outcomes.channel,
        outcomes.priority,
        case
            when outcomes.outcome = 'cancelled' and tickets.exit_kind = 'merged' then 'merged'
            when outcomes.outcome = 'fault' then 'time_fault'
            when outcomes.outcome in ('cancelled', 'no_policy', 'not_recorded')
                then outcomes.outcome
            when outcomes.due_at <= as_of.as_of_at then 'counted'
            else 'immature'
        end as attainment_state,
        coalesce(outcomes.due_at <= as_of.as_of_at, false) as is_due,
        cast(case when outcomes.outcome = 'met' then 1 else 0 end as decimal(18, 4)) as met_count,
        least(
            coalesce(outcomes.due_date, {{ local_date('outcomes.started_at') }}), as_of.last_date
        ) as counted_date
    from outcomes
    cross join as_of
    left join tickets on outcomes.ticket_id = tickets.ticket_id

),

-- Completion asks of all requests: what the customer cancelled stays in its denominator.
measures as (

    select
        'first_response_sla_attainment' as kpi_id,
        'first_response' as metric,
        cast(null as varchar) as only_priority,
        false as counts_cancelled

    union all

    select
        'urgent_first_response_attainment' as kpi_id,
        'first_response' as metric,
        'urgent' as only_priority,
        false as counts_cancelled

    union all

    select
        'resolution_sla_attainment' as kpi_id,
        'resolution' as metric,
        cast(null as varchar) as only_priority,
        false as counts_cancelled

    union all

    select
        'sla_completion_rate' as kpi_id,
        'resolution' as metric,
        cast(null as varchar) as only_priority,
        true as counts_cancelled

    union all

    select
        'visit_on_time_rate' as kpi_id,
        'visit_arrival' as metric,
        cast(null as varchar) as only_priority,
        false as counts_cancelled

    union all

    select
        'parts_on_time_rate' as kpi_id,
        'parts_arrival' as metric,
        cast(null as varchar) as only_priority,
        false as counts_cancelled

),

measured as (

    select
        measures.kpi_id,
        'promise' as subject_kind,
        stated.promise_id as subject_id,
        stated.ticket_id,
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
    where measures.only_priority is null or measures.only_priority = stated.priority

    union all

    -- All promises together, each once.
    select
        'promises_kept_rate' as kpi_id,
        'promise' as subject_kind,
        promise_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        attainment_state as item_state,
        met_count as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        counted_date
    from stated

),

-- One item per customer, site and month in which a promise to the customer fell due.
served as (

    select
        customer_id,
        min(case when customer_id is null then promise_id end) as lone_promise_id,
        site_id,
        case
            when customer_id is null then 'customer_unknown'
            when bool_or(attainment_state = 'counted') then 'counted'
            when bool_or(attainment_state = 'immature') then 'immature'
            else 'nothing_due'
        end as item_state,
        bool_and(met_count = 1) filter (where attainment_state = 'counted') as is_all_kept,
        max(counted_date) as counted_date
    from stated
    group by
        customer_id,
        site_id,
        date_trunc('month', counted_date),
        -- Who the customer is, nobody knows: each promise stands for itself.
        case when customer_id is null then promise_id end

)

select * from measured

union all

select
    'customers_kept_every_promise' as kpi_id,
    case when lone_promise_id is null then 'customer' else 'promise' end as subject_kind,
    coalesce(lone_promise_id, customer_id) as subject_id,
    cast(null as varchar) as ticket_id,
    cast(null as varchar) as technician_id,
    site_id,
    'unknown' as product_family,
    'unknown' as issue_family,
    'unknown' as channel,
    'unknown' as priority,
    item_state,
    cast(case when is_all_kept then 1 else 0 end as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    counted_date
from served
