{% set period -%}
    period_grain, period_start_date
{%- endset %}

with judged as (

    select
        changes.*,
        kpi_values.target,
        lag(changes.signal) over (
            partition by changes.kpi_id, changes.period_grain order by changes.period_start_date
        ) as signal_before,
        -- How many standard deviations the change is away from none; without an interval, the value
        -- from the mean of its baseline.
        case
            when changes.change_low is not null then {{ z_95() }} * changes.strength
            when changes.limit_high > changes.limit_center
                then
                    {{ prediction_deviations(
                        'changes.value', 'changes.limit_center',
                        '(changes.limit_high - changes.limit_center)', 'changes.baseline_count'
                    ) }}
        end as deviations
    from {{ ref('agg_kpi_changes') }} as changes
    inner join {{ ref('dim_kpis') }} as kpis on changes.kpi_id = kpis.kpi_id
    inner join {{ ref('kpi_values') }} as kpi_values
        on
            changes.kpi_id = kpi_values.kpi_id
            and changes.period_grain = kpi_values.period_grain
            and changes.period_start_date = kpi_values.period_start_date
            and kpi_values.segment = 'all'
    where changes.segment = 'all' and changes.is_complete and kpis.audience = 'executive'

),

tailed as (

    select
        *,
        case when verdict <> 'unknown' then {{ normal_tail('deviations') }} end as chance
    from judged

),

-- Of many KPIs some change by more than chance by chance alone: Benjamini and Hochberg's step-up
-- over all that were judged in the period.
stepped as (

    select
        *,
        row_number() over (
            partition by {{ period }}, chance is null order by chance, kpi_id
        ) as chance_rank,
        count(chance) over (partition by {{ period }}) as judged_count
    from tailed

),

kept as (

    select
        *,
        coalesce(
            chance is not null
            and chance_rank <= max(
                case when chance <= 0.05 * chance_rank / judged_count then chance_rank end
            ) over (partition by {{ period }}),
            false
        ) as is_beyond_many
    from stepped

),

kinds as (

    select
        *,
        case
            when verdict = 'real' and is_beyond_many and is_better then 'better'
            when verdict = 'real' and is_beyond_many and not is_better then 'worse'
            when verdict = 'real' and is_beyond_many then 'changed'
            when signal = 'near_limit' and coalesce(signal_before, 'none') in ('none', 'run')
                then 'level'
            when signal = 'run' and coalesce(signal_before, 'none') <> 'run' then 'level'
            when off_target_count = 3 then 'off_target'
            when off_target_count > 0 and off_target_count % 12 = 0 then 'off_target'
        end as finding_kind
    from kept

),

-- Of KPIs that are each other's mirror, such as retention and churn, one.
distinct_ones as (

    select
        *,
        row_number() over (
            partition by
                {{ period }}, finding_kind in ('better', 'worse', 'changed'),
                round(strength, 6), round(abs(change), 9),
                case when finding_kind in ('better', 'worse', 'changed') then '' else kpi_id end
            order by kpi_id
        ) as mirror_number
    from kinds
    where finding_kind is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ period }}
            order by
                case finding_kind
                    when 'worse' then 1
                    when 'better' then 2
                    when 'changed' then 2
                    when 'level' then 3
                    else 4
                end,
                case when finding_kind in ('worse', 'better', 'changed') then chance end,
                off_target_count,
                kpi_id
        ) as finding_rank
    from distinct_ones
    where mirror_number = 1

),

splits as (

    select distinct
        kpi_id,
        period_grain,
        period_start_date
    from {{ ref('agg_kpi_change_split') }}
    where comparison = 'previous'

),

causes as (

    select * from {{ ref('agg_kpi_change_split') }}
    where is_main_cause and comparison = 'previous'

),

parts as (

    select * from {{ ref('agg_kpi_change_drill') }}
    where is_main_cause and comparison = 'previous'

)

select
    ranked.period_grain,
    ranked.period_start_date,
    cast(ranked.finding_rank as bigint) as finding_rank,
    ranked.kpi_id,
    ranked.finding_kind,
    ranked.unit,
    ranked.verdict,
    ranked.signal,
    ranked.value,
    ranked.previous_value,
    ranked.change,
    ranked.change_low,
    ranked.change_high,
    ranked.limit_low,
    ranked.limit_center,
    ranked.limit_high,
    ranked.target,
    ranked.off_target_count,
    ranked.chance,
    cast(ranked.judged_count as bigint) as judged_count,
    splits.kpi_id is not null as is_split,
    causes.dimension as cause_dimension,
    causes.member as cause_member,
    causes.driver as cause_driver,
    causes.previous_value as cause_previous_value,
    causes.value as cause_value,
    causes.previous_weight as cause_previous_weight,
    causes.weight as cause_weight,
    causes.effect as cause_effect,
    parts.second_dimension as part_dimension,
    parts.second_member as part_member,
    parts.driver as part_driver,
    parts.previous_value as part_previous_value,
    parts.value as part_value,
    parts.previous_weight as part_previous_weight,
    parts.weight as part_weight
from ranked
left join splits
    on
        ranked.kpi_id = splits.kpi_id
        and ranked.period_grain = splits.period_grain
        and ranked.period_start_date = splits.period_start_date
left join causes
    on
        ranked.kpi_id = causes.kpi_id
        and ranked.period_grain = causes.period_grain
        and ranked.period_start_date = causes.period_start_date
        and ranked.finding_kind in ('better', 'worse', 'changed')
left join parts
    on
        causes.kpi_id = parts.kpi_id
        and causes.period_grain = parts.period_grain
        and causes.period_start_date = parts.period_start_date
        and causes.dimension = parts.dimension
        and causes.member = parts.member
where ranked.finding_rank <= 5
