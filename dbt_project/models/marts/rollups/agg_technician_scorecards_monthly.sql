with cells as (

    select * from {{ ref('int_kpi_person_cells') }}

),

definitions as (

    select * from {{ ref('int_kpi_definitions') }}
    where period_grain = 'month' and scorecard_weight > 0

),

technicians as (

    select
        technician_id,
        technician_name,
        site_id
    from {{ ref('dim_technicians') }}

),

measured as (

    select
        kpi_id,
        technician_id,
        month_start_date,
        eligible_count,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(numerator_squares as double) as numerator_squares
    from cells

),

valued as (

    select
        measured.*,
        technicians.technician_name,
        technicians.site_id,
        {{ kpi_value('definitions.kind', 'measured.numerator', 'measured.denominator') }} as value,
        {{ kpi_interval_bound(
            'definitions.interval_method',
            'measured.numerator',
            'measured.denominator',
            'measured.numerator_squares',
            '-'
        ) }} as interval_low,
        {{ kpi_interval_bound(
            'definitions.interval_method',
            'measured.numerator',
            'measured.denominator',
            'measured.numerator_squares',
            '+'
        ) }} as interval_high,
        definitions.target,
        definitions.worst,
        definitions.best,
        definitions.scorecard_weight as weight,
        measured.eligible_count >= 10 as is_enough_data
    from measured
    inner join definitions
        on
            measured.kpi_id = definitions.kpi_id
            and measured.month_start_date = definitions.period_start_date
    inner join technicians on measured.technician_id = technicians.technician_id

),

scored as (

    select
        *,
        case when is_enough_data then {{ score_between('value', 'worst', 'best') }} end as score
    from valued

),

-- A KPI that does not apply to a person, or has too few items, leaves the denominator. What is left
-- must carry half of the weight, else a total would stand on one minor KPI.
summed as (

    select
        month_start_date,
        technician_id,
        sum(cast(weight * score as decimal(18, 9))) as weighted_score,
        sum(cast(weight as decimal(18, 9))) filter (where score is not null) as applying_weight
    from scored
    group by month_start_date, technician_id

),

totalled as (

    select
        month_start_date,
        technician_id,
        case
            when applying_weight >= 50
                then 100 * cast(weighted_score as double) / cast(applying_weight as double)
        end as total_score
    from summed

)

select
    scored.month_start_date,
    scored.technician_id,
    scored.kpi_id,
    scored.technician_name,
    scored.site_id,
    case
        when totalled.total_score >= 95 then '95'
        when totalled.total_score >= 90 then '90'
        when totalled.total_score >= 80 then '80'
        when totalled.total_score >= 70 then '70'
        when totalled.total_score is not null then 'below_70'
    end as band,
    scored.value,
    scored.numerator,
    scored.denominator,
    scored.eligible_count,
    scored.interval_low,
    scored.interval_high,
    scored.target,
    scored.score,
    scored.weight,
    totalled.total_score,
    scored.is_enough_data
from scored
inner join totalled
    on
        scored.month_start_date = totalled.month_start_date
        and scored.technician_id = totalled.technician_id
