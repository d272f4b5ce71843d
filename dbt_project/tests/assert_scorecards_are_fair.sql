-- What is expected of the people of a role adds up to what they did; an adjusted value lies between
-- the two and within its own interval; a rank interval is one, within the people who are ranked.
with scorecards as (

    select * from {{ ref('agg_technician_scorecards') }}

),

balances as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        work_role,
        'does_not_balance' as fault,
        sum(numerator) - sum(expected_value * denominator) as surplus,
        1e-6 * (1 + sum(denominator)) as tolerated
    from scorecards
    where expected_value is not null
    group by kpi_id, period_grain, period_start_date, work_role

)

select
    kpi_id,
    period_grain,
    period_start_date,
    fault
from balances
where abs(surplus) > tolerated

union all

select
    kpi_id,
    period_grain,
    period_start_date,
    'is_not_between' as fault
from scorecards
where
    adjusted_value < least(value, expected_value) - 1e-9
    or adjusted_value > greatest(value, expected_value) + 1e-9
    or adjusted_value < adjusted_low - 1e-9
    or adjusted_value > adjusted_high + 1e-9
    or own_weight < 0
    or own_weight > 1

union all

select
    kpi_id,
    period_grain,
    period_start_date,
    'is_no_rank' as fault
from scorecards
where
    rank_low < 1
    or rank_low > rank_high
    or rank_high > ranked_count
    or total_rank_low < 1
    or total_rank_low > total_rank_high
    or total_rank_high > total_ranked_count
    or (rank_low is null) <> (not is_enough_data or expected_value is null)
    or (total_rank_low is null) <> (total_score is null)
