-- What is charged per ticket, and what an issue costs: means over items, so they have an interval.
with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

fees as (

    select * from {{ ref('int_kpi_fees_charged') }}
    where ticket_id is not null

),

costs as (

    select
        ticket_id,
        visit_id,
        cost_group,
        allocation,
        amount,
        cost_month_date
    from {{ ref('fct_costs') }}

),

episodes as (

    select * from {{ ref('fct_episodes') }}
    where is_resolved

),

episode_contacts as (

    select
        episode_id,
        ticket_id,
        visit_id,
        contact_kind
    from {{ ref('fct_episode_contacts') }}

),

tickets_in_episodes as (

    select
        ticket_id,
        episode_id
    from {{ ref('int_tickets_in_episodes') }}

),

-- A visit of no request may belong to an issue all the same.
visits_in_episodes as (

    select
        visit_id,
        min(episode_id) as episode_id
    from episode_contacts
    where visit_id is not null and ticket_id is null
    group by visit_id

),

ticket_costs as (

    select
        ticket_id,
        sum(amount) as amount
    from costs
    where ticket_id is not null
    group by ticket_id

),

visit_costs as (

    select
        visit_id,
        sum(amount) as amount
    from costs
    where ticket_id is null and visit_id is not null
    group by visit_id

),

issue_costs as (

    select
        tickets_in_episodes.episode_id,
        ticket_costs.amount
    from ticket_costs
    inner join tickets_in_episodes on ticket_costs.ticket_id = tickets_in_episodes.ticket_id

    union all

    select
        visits_in_episodes.episode_id,
        visit_costs.amount
    from visit_costs
    inner join visits_in_episodes on visit_costs.visit_id = visits_in_episodes.visit_id

),

episode_costs as (

    select
        episode_id,
        sum(amount) as amount
    from issue_costs
    group by episode_id

),

-- The last month whose books are in, by ledger.
last_books as (

    select max(cost_month_date) as last_month_date
    from costs
    where cost_group <> 'parts' and allocation <> 'direct'
    group by cost_group

),

closed_until as (

    select min(last_month_date) as last_month_date
    from last_books

)

select
    'service_fee_per_ticket' as kpi_id,
    'ticket' as subject_kind,
    ticket_id as subject_id,
    technician_id,
    site_id,
    product_family,
    channel,
    priority,
    fee_state as item_state,
    cast(coalesce(fee_amount, 0) as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    charged_date as counted_date
from fees

union all

-- All that the requests and visits of the issue cost, in whatever month it was booked, counted when
-- the issue was resolved for the last time. Within the window of the episode more may come.
select
    'cost_per_resolved_episode' as kpi_id,
    'episode' as subject_kind,
    episodes.episode_id as subject_id,
    episodes.technician_id,
    episodes.site_id,
    episodes.product_family,
    episodes.channel,
    episodes.priority,
    case
        when
            closed_until.last_month_date is not null
            and episodes.resolved_date > last_day(closed_until.last_month_date)
            then 'books_open'
        when
            episodes.resolved_at + interval '{{ var("episode_gap_days") }}' day > as_of.as_of_at
            then 'immature'
        when episode_costs.episode_id is null then 'no_cost_booked'
        else 'counted'
    end as item_state,
    cast(coalesce(episode_costs.amount, 0) as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    episodes.resolved_date as counted_date
from episodes
cross join as_of
cross join closed_until
left join episode_costs on episodes.episode_id = episode_costs.episode_id
