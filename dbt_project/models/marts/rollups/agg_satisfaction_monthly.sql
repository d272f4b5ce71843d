with answers as (

    select
        *,
        cast(date_trunc('month', answered_date) as date) as month_start_date
    from {{ ref('fct_survey_answers') }}
    where is_valid and is_latest and not coalesce(is_within_contact_cap, false)

),

segmented as (

    select
        month_start_date,
        question_kind,
        survey_kind,
        aspect,
        scale_max,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        count(*) as answer_count,
        count(*) filter (where nps_group = 'promoter') as promoter_count,
        count(*) filter (where nps_group = 'detractor') as detractor_count,
        count(nps_group) as grouped_count,
        count(*) filter (where is_top_box) as top_box_count,
        count(is_top_box) as boxed_count,
        cast(sum(coalesce(ease_score, raw_score)) as double) as score_sum
    from answers
    group by grouping sets (  -- noqa: PRS
        (month_start_date, question_kind, survey_kind, aspect, scale_max),
        (month_start_date, question_kind, survey_kind, aspect, scale_max, site_id),
        (month_start_date, question_kind, survey_kind, aspect, scale_max, product_family),
        (month_start_date, question_kind, survey_kind, aspect, scale_max, site_id, product_family)
    )

),

netted as (

    select
        *,
        cast(promoter_count - detractor_count as double) as net_count,
        cast(promoter_count + detractor_count as double) as extreme_count,
        cast(top_box_count as double) as top_boxes,
        cast(boxed_count as double) as boxed,
        cast(grouped_count as double) as grouped
    from segmented

)

select
    month_start_date,
    question_kind,
    survey_kind,
    aspect,
    scale_max,
    segment,
    site_id,
    product_family,
    answer_count,
    promoter_count,
    detractor_count,
    top_box_count,
    score_sum / answer_count as mean_score,
    top_boxes / nullif(boxed, 0) as top_box_share,
    {{ wilson_bound('top_boxes', 'boxed', '-') }} as top_box_low,
    {{ wilson_bound('top_boxes', 'boxed', '+') }} as top_box_high,
    100 * net_count / nullif(grouped, 0) as nps,
    {{ adjusted_wald_bound('net_count', 'extreme_count', 'grouped', '-') }} as nps_low,
    {{ adjusted_wald_bound('net_count', 'extreme_count', 'grouped', '+') }} as nps_high
from netted
