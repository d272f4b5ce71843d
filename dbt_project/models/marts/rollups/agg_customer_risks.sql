with models as (

    select risk from {{ ref('agg_risk_models') }}
    where is_used and subject_kind = 'customer'

),

scored as (

    select * from {{ ref('int_risks_scored') }}
    where is_now

),

moments as (

    select * from {{ ref('int_risk_customer_moments') }}
    where days_before = 0

)

select
    scored.risk,
    scored.subject_id as customer_id,
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
    moments.purchase_count,
    cast(moments.purchase_amount as decimal(18, 4)) as purchase_amount,
    moments.days_since_purchase,
    moments.request_count
from scored
inner join models on scored.risk = models.risk
inner join moments on scored.subject_id = moments.customer_id
