-- The answers on the points of a scale are all that count in agg_satisfaction_monthly, and their
-- mean is its mean.
with points as (

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        segment,
        site_id,
        product_family,
        sum(answer_count) as answer_count,
        cast(sum(answer_count * score_point) as double) / sum(answer_count) as mean_score,
        sum(answer_share) as answer_share
    from {{ ref('agg_satisfaction_scores') }}
    group by
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        segment,
        site_id,
        product_family

),

monthly as (

    select * from {{ ref('agg_satisfaction_monthly') }}
    where segment in ('all', 'site', 'product_family')

)

select
    monthly.month_start_date,
    monthly.question_kind,
    monthly.survey_kind,
    monthly.aspect,
    monthly.scale_max,
    monthly.segment,
    monthly.site_id,
    monthly.product_family,
    monthly.answer_count,
    points.answer_count as point_count,
    monthly.mean_score,
    points.mean_score as point_mean
from monthly
full outer join points
    on
        monthly.month_start_date = points.month_start_date
        and monthly.question_kind = points.question_kind
        and monthly.survey_kind = points.survey_kind
        and monthly.aspect = points.aspect
        and monthly.scale_max = points.scale_max
        and monthly.segment = points.segment
        and monthly.site_id = points.site_id
        and monthly.product_family = points.product_family
where
    monthly.answer_count is null
    or points.answer_count is null
    or monthly.answer_count <> points.answer_count
    or abs(monthly.mean_score - points.mean_score) > 1e-9
    or abs(points.answer_share - 1) > 1e-9
