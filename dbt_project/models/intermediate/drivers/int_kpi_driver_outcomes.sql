{% set months = var('customer_active_months') %}

with as_of as (

    select as_of_at from {{ ref('int_kpi_as_of') }}

),

answers as (

    select
        answer_id,
        ticket_id,
        customer_id,
        answered_at
    from {{ ref('fct_survey_answers') }}
    where ticket_id is not null

),

-- The very answers that the KPIs count.
satisfaction as (

    select
        case items.kpi_id when 'csat_top_box_share' then 'csat' else 'nps' end as outcome,
        answers.answer_id as item_id,
        answers.ticket_id,
        coalesce(answers.customer_id, answers.answer_id) as cluster_id,
        'counted' as item_state,
        cast(
            items.numerator * case items.kpi_id when 'csat_top_box_share' then 1 else 100 end
            as decimal(18, 4)
        ) as value,
        answers.answered_at as known_at
    from {{ ref('int_kpi_survey_items') }} as items
    inner join answers on items.subject_id = answers.answer_id
    where
        items.kpi_id in ('csat_top_box_share', 'nps_transactional')
        and items.item_state = 'counted'

),

-- Two weeks after the resolution a reopening or an answer of the survey is known: who buys is
-- watched from then on, so that nothing that came later decides who is compared with whom.
served as (

    select
        ticket_id,
        customer_id,
        resolved_at + interval {{ var('survey_window_days') }} day as known_at
    from {{ ref('fct_tickets') }}
    where exit_kind = 'resolved' and customer_id is not null and resolved_at is not null

),

purchases as (

    select
        customer_id,
        purchased_at
    from {{ ref('fct_purchases') }}
    where is_valid

),

first_purchase as (

    select min(purchased_at) as purchased_at from purchases

),

bought as (

    select
        served.ticket_id,
        count(*) as purchase_count
    from served
    inner join purchases
        on
            served.customer_id = purchases.customer_id
            and served.known_at < purchases.purchased_at
            and served.known_at + interval {{ months }} month >= purchases.purchased_at
    group by served.ticket_id

),

repurchases as (

    select
        'repurchase' as outcome,
        served.ticket_id as item_id,
        served.ticket_id,
        served.customer_id as cluster_id,
        case
            when served.known_at + interval {{ months }} month <= as_of.as_of_at then 'counted'
            else 'immature'
        end as item_state,
        cast(case when bought.ticket_id is not null then 1 else 0 end as decimal(18, 4)) as value,
        served.known_at
    from served
    cross join as_of
    cross join first_purchase
    left join bought on served.ticket_id = bought.ticket_id
    where first_purchase.purchased_at <= served.known_at

)

select * from satisfaction
union all
select * from repurchases
