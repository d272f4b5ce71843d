with periods as (

    select * from {{ ref('int_kpi_person_periods') }}

),

weights as (

    select * from {{ ref('int_kpi_scorecard_weights') }}
    where is_case_mix_adjusted

),

technicians as (

    select
        technician_id,
        work_role
    from {{ ref('dim_technicians') }}

),

expectations as (

    select * from {{ ref('int_kpi_person_expectations') }}

),

compared as (

    select
        periods.kpi_id,
        periods.period_grain,
        periods.period_start_date,
        technicians.work_role,
        periods.technician_id,
        weights.kind,
        weights.direction,
        periods.numerator,
        periods.denominator,
        periods.numerator_squares,
        expectations.expected,
        cast(periods.numerator as double) as total,
        cast(periods.denominator as double) as items,
        cast(periods.numerator as double) / cast(periods.denominator as double) as value,
        periods.eligible_count >= weights.minimum_sample as is_enough_data
    from periods
    inner join technicians on periods.technician_id = technicians.technician_id
    inner join weights
        on
            technicians.work_role = weights.work_role
            and periods.kpi_id = weights.kpi_id
            and periods.period_grain = weights.period_grain
            and periods.period_start_date = weights.period_start_date
    inner join expectations
        on
            periods.kpi_id = expectations.kpi_id
            and periods.period_grain = expectations.period_grain
            and periods.period_start_date = expectations.period_start_date
            and periods.technician_id = expectations.technician_id
    where periods.denominator > 0

),

-- Sums of decimals: their bits do not depend on the order in which threads add.
grouped as (

    select
        *,
        count(*) over grouping_window as people,
        cast(sum(numerator) over grouping_window as double) as all_total,
        cast(sum(expected) over grouping_window as double) as all_expected,
        cast(sum(denominator) over grouping_window as double) as all_items,
        cast(sum(denominator * denominator) over grouping_window as double) as squared_items,
        cast(sum(numerator_squares) over grouping_window as double) as all_squares,
        cast(sum(cast(total * total / items as decimal(38, 9))) over grouping_window as double)
            as explained_squares
    from compared
    window grouping_window as (partition by kpi_id, period_grain, period_start_date, work_role)

),

-- Expected and observed add up to the same within a role: nobody is compared with another trade. A
-- share is brought there by scaling its failures or its successes, whichever must become fewer, so
-- that it stays a share.
calibrated as (

    select
        *,
        case
            when kind <> 'ratio'
                then cast(expected as double) / items + (all_total - all_expected) / all_items
            when all_total <= all_expected
                then cast(expected as double) / items * (all_total / all_expected)
            else
                1 - (1 - cast(expected as double) / items)
                * ((all_items - all_total) / (all_items - all_expected))
        end as expected_value
    from grouped
    where people >= 2

),

varied as (

    select
        *,
        case
            when kind = 'ratio' then expected_value * (1 - expected_value)
            when all_items > people
                then greatest(0.0, all_squares - explained_squares) / (all_items - people)
        end as item_variance
    from calibrated

),

pearsons as (

    select
        *,
        cast(
            sum(
                cast(
                    coalesce(
                        items
                        * (value - expected_value)
                        * (value - expected_value)
                        / nullif(item_variance, 0),
                        0
                    ) as decimal(38, 9)
                )
            ) over (partition by kpi_id, period_grain, period_start_date, work_role) as double
        ) as pearson
    from varied

),

spread as (

    select
        *,
        case
            when kind = 'ratio'
                then {{ moment_correlation('pearson', 'people', 'all_items', 'squared_items') }}
            else {{ moment_variance_ratio('pearson', 'people', 'all_items', 'squared_items') }}
        end as between_people
    from pearsons

),

weighted as (

    select
        *,
        {{ shrinkage_weight_of_few(shrinkage_weight('kind', 'between_people', 'items'), 'people') }}
            as prior_weight,
        sqrt(coalesce(item_variance, 0) / items) as standard_error
    from spread

),

limited as (

    select
        *,
        {{ limited_translation_weight(
            'prior_weight', 'value', 'expected_value', 'standard_error'
        ) }} as own_weight
    from weighted

),

shrunk as (

    select
        *,
        expected_value + own_weight * (value - expected_value) as adjusted_value,
        own_weight > prior_weight as is_limited
    from limited

),

doubted as (

    select
        *,
        case
            when is_limited then standard_error
            else
                {{ shrinkage_deviation(
                    'prior_weight',
                    'people',
                    'between_people',
                    'items',
                    '(all_items / people)',
                    'coalesce(item_variance, 0)',
                    '(value - expected_value)'
                ) }}
        end as deviation,
        -- People are ranked by what they are better than expected, not by their cases.
        case when direction = 'higher' then 1 else -1 end
        * (adjusted_value - expected_value) as advantage
    from shrunk

),

rankable as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        work_role,
        technician_id,
        advantage - {{ z_pairwise_95() }} * deviation as bar_low,
        advantage + {{ z_pairwise_95() }} * deviation as bar_high
    from doubted
    where is_enough_data

),

ranked as (

    {{ rank_bounds(
        'rankable',
        ['kpi_id', 'period_grain', 'period_start_date', 'work_role'],
        'technician_id',
        'bar_low',
        'bar_high'
    ) }}

)

select
    doubted.kpi_id,
    doubted.period_grain,
    doubted.technician_id,
    doubted.expected_value,
    doubted.between_people,
    doubted.own_weight,
    doubted.adjusted_value,
    {{ shrinkage_bound(
        'doubted.kind',
        'doubted.adjusted_value',
        'doubted.deviation',
        'doubted.is_limited',
        '-'
    ) }} as adjusted_low,
    {{ shrinkage_bound(
        'doubted.kind',
        'doubted.adjusted_value',
        'doubted.deviation',
        'doubted.is_limited',
        '+'
    ) }} as adjusted_high,
    ranked.rank_low,
    ranked.rank_high,
    ranked.ranked_count,
    doubted.period_start_date
from doubted
left join ranked
    on
        doubted.kpi_id = ranked.kpi_id
        and doubted.period_grain = ranked.period_grain
        and doubted.period_start_date = ranked.period_start_date
        and doubted.work_role = ranked.work_role
        and doubted.technician_id = ranked.technician_id
