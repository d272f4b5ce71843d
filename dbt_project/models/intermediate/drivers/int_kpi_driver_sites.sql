with promises as (

    select
        outcomes.site_id,
        coalesce(tickets.service_mode, 'unknown') as service_mode,
        count(*) as promise_count,
        sum(case when outcomes.is_met then 0 else 1 end) as late_count
    from {{ ref('fct_sla_outcomes') }} as outcomes
    inner join {{ ref('fct_tickets') }} as tickets on outcomes.ticket_id = tickets.ticket_id
    where
        outcomes.metric = 'resolution'
        and outcomes.is_eligible
        and outcomes.site_id is not null
    group by outcomes.site_id, coalesce(tickets.service_mode, 'unknown')

),

-- A hotline that solves by telephone is quicker than any workshop: like is compared with like.
beside_the_others as (

    select
        site_id,
        promise_count,
        late_count,
        sum(promise_count) over (partition by service_mode) - promise_count as other_promise_count,
        sum(late_count) over (partition by service_mode) - late_count as other_late_count
    from promises

),

expected as (

    select
        site_id,
        cast(sum(late_count) as double) as late_count,
        cast(sum(cast(
            cast(promise_count as double) * other_late_count / other_promise_count
            as decimal(18, 9)
        )) as double) as expected_late_count
    from beside_the_others
    where other_promise_count > 0
    group by site_id

)

select
    site_id,
    late_count,
    expected_late_count,
    coalesce(
        {{ poisson_bound('late_count', 'expected_late_count', '-') }} > {{ slow_site_ratio() }},
        false
    ) as is_slow
from expected
