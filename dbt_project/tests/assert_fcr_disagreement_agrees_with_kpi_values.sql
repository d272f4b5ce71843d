-- A window is judged alone wherever a longer one is judged with it: the pairs of 30 days over all
-- time hold the same tickets as the KPI of 30 days, and as many resolved at first contact.
with pairs as (

    select
        both_count + only_b_count as resolved_count,
        ticket_count
    from {{ ref('agg_fcr_disagreement') }}
    where variant_a = '1d' and variant_b = '30d' and period_grain = 'all' and segment = 'all'

),

published as (

    select
        numerator,
        denominator
    from {{ ref('kpi_values') }}
    where kpi_id = 'fcr_window_30d' and period_grain = 'all' and segment = 'all'

)

select
    pairs.resolved_count,
    pairs.ticket_count,
    published.numerator,
    published.denominator
from pairs
full outer join published on true
where
    coalesce(pairs.resolved_count, 0) <> coalesce(published.numerator, 0)
    or coalesce(pairs.ticket_count, 0) <> coalesce(published.denominator, 0)
