{% set keys = 'month_start_date, question_kind, survey_kind, aspect, scale_max' %}

with answers as (

    select
        cast(date_trunc('month', answered_date) as date) as month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        scale_min,
        site_id,
        product_family,
        -- Ease, where low meant easy: as in the mean.
        coalesce(ease_score, raw_score) as score_point
    from {{ ref('fct_survey_answers') }}
    where is_valid and is_latest and not coalesce(is_within_contact_cap, false)

),

counted as (

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        case
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        score_point,
        min(scale_min) as scale_min,
        count(*) as answer_count
    from answers
    group by grouping sets (  -- noqa: PRS
        ({{ keys }}, score_point),
        ({{ keys }}, score_point, site_id),
        ({{ keys }}, score_point, product_family)
    )

),

scales as (

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        segment,
        site_id,
        product_family,
        min(scale_min) as scale_min,
        sum(answer_count) as all_count
    from counted
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

-- Every whole point of a scale, of which the longest is 0 to 10.
whole_points as (

    {% for point in range(11) -%}
        select cast({{ point }} as decimal(9, 3)) as score_point
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- And those between, where somebody chose one: no answer is lost.
points as (

    select
        scales.month_start_date,
        scales.question_kind,
        scales.survey_kind,
        scales.aspect,
        scales.scale_max,
        scales.segment,
        scales.site_id,
        scales.product_family,
        whole_points.score_point,
        0 as answer_count
    from scales
    inner join whole_points
        on
            scales.scale_min <= whole_points.score_point
            and scales.scale_max >= whole_points.score_point

    union all

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        segment,
        site_id,
        product_family,
        score_point,
        answer_count
    from counted

),

summed as (

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        score_point,
        segment,
        site_id,
        product_family,
        cast(sum(answer_count) as bigint) as answer_count
    from points
    group by
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        score_point,
        segment,
        site_id,
        product_family

)

select
    summed.month_start_date,
    summed.question_kind,
    summed.survey_kind,
    summed.aspect,
    summed.scale_max,
    summed.score_point,
    summed.segment,
    summed.site_id,
    summed.product_family,
    summed.answer_count,
    cast(summed.answer_count as double) / cast(scales.all_count as double) as answer_share
from summed
inner join scales
    on
        summed.month_start_date = scales.month_start_date
        and summed.question_kind = scales.question_kind
        and summed.survey_kind = scales.survey_kind
        and summed.aspect = scales.aspect
        and summed.scale_max = scales.scale_max
        and summed.segment = scales.segment
        and summed.site_id = scales.site_id
        and summed.product_family = scales.product_family
