-- The score of a class is what the scores in kpi_values and the weights of the registry make it, in
-- every period and place.
with weighed as (

    select
        kpi_values.period_grain,
        kpi_values.period_start_date,
        registry.kpi_class,
        kpi_values.segment,
        kpi_values.site_id,
        kpi_values.region,
        kpi_values.score,
        case when kpi_values.score is not null then registry.weight else 0 end as weight
    from {{ ref('kpi_values') }} as kpi_values
    inner join {{ ref('int_kpi_periods') }} as periods
        on
            kpi_values.period_grain = periods.period_grain
            and kpi_values.period_start_date = periods.period_start_date
    inner join {{ ref('stg_kpi_registry') }} as registry
        on
            kpi_values.kpi_id = registry.kpi_id
            and periods.measured_date >= registry.valid_from_date
            and (
                registry.valid_to_date is null or periods.measured_date <= registry.valid_to_date
            )
    where kpi_values.segment in ('all', 'site', 'region')

),

expected as (

    select
        period_grain,
        period_start_date,
        kpi_class,
        segment,
        site_id,
        region,
        sum(weight) as scored_weight,
        case when sum(weight) >= 50 then 100 * sum(weight * score) / sum(weight) end as class_score
    from weighed
    group by period_grain, period_start_date, kpi_class, segment, site_id, region

)

select
    expected.*,
    shown.scored_weight as shown_weight,
    shown.class_score as shown_score
from expected
left join {{ ref('agg_class_scores') }} as shown
    on
        expected.period_grain = shown.period_grain
        and expected.period_start_date = shown.period_start_date
        and expected.kpi_class = shown.kpi_class
        and expected.segment = shown.segment
        and expected.site_id = shown.site_id
        and expected.region = shown.region
where
    shown.scored_weight is null
    or abs(expected.scored_weight - shown.scored_weight) > 1e-6
    or (expected.class_score is null) <> (shown.class_score is null)
    or abs(expected.class_score - shown.class_score) > 1e-6
