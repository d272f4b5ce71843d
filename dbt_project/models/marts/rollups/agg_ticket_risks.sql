with models as (

    select risk from {{ ref('agg_risk_models') }}
    where is_used and subject_kind = 'ticket'

),

scored as (

    select * from {{ ref('int_risks_scored') }}
    where is_now

),

moments as (

    select * from {{ ref('int_risk_ticket_moments') }}
    where days_before = 0

),

promises as (

    select
        ticket_id,
        due_at
    from {{ ref('fct_sla_outcomes') }}
    where metric = 'resolution'

)

select
    scored.risk,
    scored.subject_id as ticket_id,
    moments.site_id,
    moments.product_family,
    moments.channel,
    moments.priority,
    moments.stage,
    row_number() over (
        partition by scored.risk
        order by scored.probability desc, scored.subject_id asc
    ) as rank_number,
    scored.probability,
    scored.base_rate,
    scored.group_rate,
    {% for place in [1, 2, 3] %}
        scored.reason_{{ place }},
        scored.reason_{{ place }}_value,
        scored.reason_{{ place }}_effect,
    {% endfor %}
    moments.age_hours,
    promises.due_at
from scored
inner join models on scored.risk = models.risk
inner join moments on scored.subject_id = moments.ticket_id
left join promises on scored.subject_id = promises.ticket_id
