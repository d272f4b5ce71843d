with periods as (

    select * from {{ ref('int_kpi_person_periods') }}

),

weights as (

    select * from {{ ref('int_kpi_scorecard_weights') }}

),

estimates as (

    select * from {{ ref('int_kpi_person_estimates') }}

),

technicians as (

    select
        technician_id,
        technician_name,
        work_role,
        site_id
    from {{ ref('dim_technicians') }}

),

measured as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        technician_id,
        eligible_count,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(numerator_squares as double) as numerator_squares
    from periods

),

valued as (

    select
        measured.*,
        technicians.technician_name,
        technicians.work_role,
        technicians.site_id,
        {{ kpi_value('weights.kind', 'measured.numerator', 'measured.denominator') }} as value,
        {{ kpi_interval_bound(
            'weights.interval_method',
            'measured.numerator',
            'measured.denominator',
            'measured.numerator_squares',
            '-'
        ) }} as interval_low,
        {{ kpi_interval_bound(
            'weights.interval_method',
            'measured.numerator',
            'measured.denominator',
            'measured.numerator_squares',
            '+'
        ) }} as interval_high,
        weights.direction,
        weights.target,
        weights.worst,
        weights.best,
        weights.weight,
        weights.minimum_sample,
        weights.is_case_mix_adjusted,
        weights.is_complete,
        weights.period_end_date,
        weights.as_of_at,
        measured.eligible_count >= weights.minimum_sample as is_enough_data
    from measured
    inner join technicians on measured.technician_id = technicians.technician_id
    inner join weights
        on
            technicians.work_role = weights.work_role
            and measured.kpi_id = weights.kpi_id
            and measured.period_grain = weights.period_grain
            and measured.period_start_date = weights.period_start_date

),

scored as (

    select
        *,
        case when is_enough_data then {{ score_between('value', 'worst', 'best') }} end as score,
        -- A value that its interval leaves open leaves its score open; a plain count is what it is.
        abs(
            {{ score_between('interval_high', 'worst', 'best') }}
            - {{ score_between('interval_low', 'worst', 'best') }}
        ) / (2 * {{ z_95() }}) as score_deviation
    from valued

),

-- A KPI that does not apply to a person, or has too few items, leaves the denominator. What is left
-- must carry half of the weight, else a total would stand on one minor KPI.
summed as (

    select
        period_grain,
        period_start_date,
        work_role,
        technician_id,
        sum(cast(weight * score as decimal(18, 9))) as weighted_score,
        sum(cast(weight as decimal(18, 9))) filter (where score is not null) as applying_weight,
        sum(
            cast(power(weight * coalesce(score_deviation, 0), 2) as decimal(18, 9))
        ) filter (where score is not null) as weighted_variance
    from scored
    group by period_grain, period_start_date, work_role, technician_id

),

totalled as (

    select
        period_grain,
        period_start_date,
        work_role,
        technician_id,
        100 * cast(weighted_score as double) / cast(applying_weight as double) as total_score,
        100 * sqrt(cast(weighted_variance as double)) / cast(applying_weight as double)
            as total_deviation
    from summed
    where applying_weight >= 50

),

barred as (

    select
        *,
        total_score - {{ z_pairwise_95() }} * total_deviation as bar_low,
        total_score + {{ z_pairwise_95() }} * total_deviation as bar_high
    from totalled

),

ranked as (

    {{ rank_bounds(
        'barred',
        ['period_grain', 'period_start_date', 'work_role'],
        'technician_id',
        'bar_low',
        'bar_high'
    ) }}

)

select
    scored.period_grain,
    scored.period_start_date,
    scored.technician_id,
    scored.kpi_id,
    scored.technician_name,
    scored.work_role,
    scored.site_id,
    case
        when totalled.total_score >= 95 then '95'
        when totalled.total_score >= 90 then '90'
        when totalled.total_score >= 80 then '80'
        when totalled.total_score >= 70 then '70'
        when totalled.total_score is not null then 'below_70'
    end as band,
    case
        when not scored.is_enough_data then 'not_enough_data'
        when estimates.expected_value is null then 'not_compared'
        when
            estimates.adjusted_low <= estimates.expected_value
            and estimates.adjusted_high >= estimates.expected_value
            then 'as_expected'
        when
            (scored.direction = 'higher')
            = (estimates.adjusted_value > estimates.expected_value)
            then 'better'
        else 'worse'
    end as comparison,
    scored.value,
    scored.numerator,
    scored.denominator,
    scored.eligible_count,
    scored.minimum_sample,
    scored.interval_low,
    scored.interval_high,
    scored.target,
    scored.score,
    scored.weight,
    estimates.expected_value,
    scored.value - estimates.expected_value as difference,
    estimates.own_weight,
    estimates.adjusted_value,
    estimates.adjusted_low,
    estimates.adjusted_high,
    estimates.rank_low,
    estimates.rank_high,
    estimates.ranked_count,
    totalled.total_score,
    case
        when totalled.total_score is not null
            then
                greatest(0.0, totalled.total_score - {{ z_95() }} * totalled.total_deviation)
    end as total_low,
    case
        when totalled.total_score is not null
            then
                least(100.0, totalled.total_score + {{ z_95() }} * totalled.total_deviation)
    end as total_high,
    ranked.rank_low as total_rank_low,
    ranked.rank_high as total_rank_high,
    ranked.ranked_count as total_ranked_count,
    scored.is_enough_data,
    scored.is_complete,
    scored.period_end_date,
    scored.as_of_at
from scored
left join totalled
    on
        scored.period_grain = totalled.period_grain
        and scored.period_start_date = totalled.period_start_date
        and scored.technician_id = totalled.technician_id
left join ranked
    on
        scored.period_grain = ranked.period_grain
        and scored.period_start_date = ranked.period_start_date
        and scored.technician_id = ranked.technician_id
left join estimates
    on
        scored.kpi_id = estimates.kpi_id
        and scored.period_grain = estimates.period_grain
        and scored.period_start_date = estimates.period_start_date
        and scored.technician_id = estimates.technician_id
