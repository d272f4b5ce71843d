-- The instants at which the past is looked at again, every 30 days back from as-of.
{% set step_days = 30 %}
{% set step_count = 24 %}
{% set recent_days = 180 %}
-- A customer who buys nothing for as long as this has left, as far as can be seen.
{% set leave_days = 180 %}
-- Of a company with more customers those with the smallest hashes stand for all; of today all are
-- in.
{% set most_customers = 10000 %}

with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

purchases as (

    select
        customer_id,
        amount,
        contract_start_date,
        contract_end_date,
        purchased_at
    from {{ ref('fct_purchases') }}
    where is_valid

),

-- What was bought before the first purchase that is known is not known either: moments begin later.
moments as (

    select
        days.range as days_before,
        settings.as_of_at - to_days(cast(days.range as integer)) as moment_at,
        settings.as_of_at
    from range(0, {{ step_days * step_count + 1 }}, {{ step_days }}) as days
    cross join settings
    where
        settings.as_of_at - to_days(cast(days.range as integer))
        >= (select min(purchases.purchased_at) from purchases) + interval {{ recent_days }} day

),

asked as (

    select
        moments.days_before,
        moments.moment_at,
        moments.as_of_at,
        purchases.customer_id,
        count(*) as purchase_count,
        sum(purchases.amount) as purchase_amount,
        max(purchases.purchased_at) as last_purchased_at,
        count_if(
            purchases.contract_start_date <= cast(moments.moment_at as date)
            and purchases.contract_end_date >= cast(moments.moment_at as date)
        ) > 0 as has_contract,
        dense_rank() over (order by md5(purchases.customer_id), purchases.customer_id)
            as hash_position
    from moments
    inner join purchases
        on
            moments.moment_at >= purchases.purchased_at
            and moments.moment_at - interval {{ recent_days }} day < purchases.purchased_at
    group by
        moments.days_before, moments.moment_at, moments.as_of_at, purchases.customer_id
    qualify hash_position <= {{ most_customers }} or moments.days_before = 0

),

bought_next as (

    select
        asked.customer_id,
        asked.moment_at,
        min(purchases.purchased_at) as next_purchased_at
    from asked
    inner join purchases
        on
            asked.customer_id = purchases.customer_id
            and asked.moment_at < purchases.purchased_at
            and asked.moment_at + interval {{ leave_days }} day >= purchases.purchased_at
    group by asked.customer_id, asked.moment_at

),

served as (

    select
        asked.customer_id,
        asked.moment_at,
        count(*) as request_count,
        count_if(coalesce(tickets.first_resolved_at > asked.moment_at, true)) as open_count,
        max(
            {{ seconds_between(
                'tickets.created_at',
                'least(coalesce(tickets.first_resolved_at, asked.moment_at), asked.moment_at)'
            ) }}
        ) as longest_seconds
    from asked
    inner join {{ ref('fct_tickets') }} as tickets
        on
            asked.customer_id = tickets.customer_id
            and asked.moment_at >= tickets.created_at
            and asked.moment_at - interval {{ recent_days }} day < tickets.created_at
    where tickets.exit_kind not in ('cancelled', 'merged')
    group by asked.customer_id, asked.moment_at

),

breached as (

    select
        asked.customer_id,
        asked.moment_at,
        count(*) as breach_count
    from asked
    inner join {{ ref('fct_sla_outcomes') }} as outcomes
        on
            asked.customer_id = outcomes.customer_id
            and asked.moment_at >= outcomes.due_at
            and asked.moment_at - interval {{ recent_days }} day < outcomes.due_at
    where not outcomes.is_met
    group by asked.customer_id, asked.moment_at

),

complained as (

    select
        asked.customer_id,
        asked.moment_at,
        count(*) as complaint_count
    from asked
    inner join {{ ref('fct_complaints') }} as complaints
        on
            asked.customer_id = complaints.customer_id
            and asked.moment_at >= complaints.raised_at
            and asked.moment_at - interval {{ recent_days }} day < complaints.raised_at
    group by asked.customer_id, asked.moment_at

)

select
    asked.customer_id,
    asked.moment_at,
    cast(asked.days_before as bigint) as days_before,
    case
        when {{ seconds_between('asked.last_purchased_at', 'asked.moment_at') }} <= 30 * 86400
            then 'month'
        when {{ seconds_between('asked.last_purchased_at', 'asked.moment_at') }} <= 90 * 86400
            then 'quarter'
        else 'half_year'
    end as last_bought_within,
    round({{ seconds_between('asked.last_purchased_at', 'asked.moment_at') }} / 86400, 4)
        as days_since_purchase,
    asked.purchase_count,
    cast(asked.purchase_amount as double) as purchase_amount,
    coalesce(asked.has_contract, false) as has_contract,
    coalesce(served.request_count, 0) as request_count,
    coalesce(served.open_count, 0) as open_count,
    round(coalesce(served.longest_seconds, 0) / 86400, 4) as longest_days,
    coalesce(breached.breach_count, 0) as breach_count,
    coalesce(complained.complaint_count, 0) as complaint_count,
    case
        -- As late for who buys again as for who does not: else the first would be known of more.
        when asked.moment_at + interval {{ leave_days }} day > asked.as_of_at then 'open'
        when bought_next.next_purchased_at is not null then 'no'
        else 'yes'
    end as leave_state,
    asked.moment_at + interval {{ leave_days }} day as leave_known_at
from asked
left join bought_next
    on
        asked.customer_id = bought_next.customer_id
        and asked.moment_at = bought_next.moment_at
left join served
    on
        asked.customer_id = served.customer_id
        and asked.moment_at = served.moment_at
left join breached
    on
        asked.customer_id = breached.customer_id
        and asked.moment_at = breached.moment_at
left join complained
    on
        asked.customer_id = complained.customer_id
        and asked.moment_at = complained.moment_at
