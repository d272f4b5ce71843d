-- A share of counted items is a share, an interval holds its value (a net score's is shrunk and may
-- not), scores are scores, no period lies after as-of, and a row shows something.
select
    kpi_id,
    period_grain,
    period_start_date,
    segment,
    value,
    interval_low,
    interval_high,
    score
from {{ ref('kpi_values') }}
where
    interval_low > interval_high
    or (unit <> 'points' and (value < interval_low - 1e-9 or value > interval_high + 1e-9))
    or (unit = 'points' and (value < -100 or value > 100))
    or score < 0
    or score > 1
    -- Nobody came is a count, and nothing booked an amount, without any item.
    or (eligible_count = 0 and value is not null and unit not in ('currency', 'count'))
    or period_start_date > as_of_at + interval 1 day
    or (
        eligible_count + immature_count + censored_count + excluded_count = 0
        and numerator = 0
        and unit <> 'count'
    )
