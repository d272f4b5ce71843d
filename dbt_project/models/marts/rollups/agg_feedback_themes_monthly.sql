{%- set member = 'segment, site_id, product_family' -%}
with months as (

    select * from {{ ref('agg_feedback_themes') }}
    where period_grain = 'month'

),

-- Every month in which anybody wrote, with or without the theme.
totals as (

    select
        period_start_date as month_start_date,
        {{ member }},
        read_count,
        {{ month_number('period_start_date') }} as month_number
    from {{ ref('agg_feedback_sentiment') }}
    where period_grain = 'month' and feedback_kind = 'all' and read_count > 0

),

totals_before as (

    select
        *,
        cast(coalesce(sum(read_count) over before, 0) as bigint) as baseline_read_count,
        count(*) over before as baseline_month_count
    from totals
    window
        before as (
            partition by {{ member }}
            order by month_number
            range between {{ rising_months() }} preceding and 1 preceding
        )

),

counts as (

    select
        *,
        {{ month_number('period_start_date') }} as month_number
    from months

),

-- A month without a comment on the theme adds none.
counts_before as (

    select
        *,
        cast(coalesce(sum(comment_count) over (
            partition by theme, {{ member }}
            order by month_number
            range between {{ rising_months() }} preceding and 1 preceding
        ), 0) as bigint) as baseline_count
    from counts

),

-- How many questions are asked of a month, whatever its comments say: themes of complaints that
-- anybody ever raised × members of the segment with comments.
complaint_themes as (

    select count(distinct theme) as theme_count
    from months
    where polarity = 'complaint'

),

members as (

    select
        month_start_date,
        segment,
        count(*) as member_count
    from totals_before
    where baseline_month_count >= {{ rising_least_months() }}
    group by month_start_date, segment

),

joined as (

    select
        counts_before.*,
        totals_before.baseline_read_count,
        totals_before.baseline_month_count,
        counts_before.comment_count + counts_before.baseline_count as both_count,
        cast(counts_before.read_count as double)
        / (counts_before.read_count + totals_before.baseline_read_count) as month_share,
        complaint_themes.theme_count * members.member_count as question_count,
        counts_before.polarity = 'complaint'
        and counts_before.is_complete
        and totals_before.baseline_month_count >= {{ rising_least_months() }}
        and counts_before.comment_count + counts_before.baseline_count
        >= {{ rising_least_comments() }} as is_tested
    from counts_before
    inner join totals_before
        on
            counts_before.period_start_date = totals_before.month_start_date
            and counts_before.segment = totals_before.segment
            and counts_before.site_id = totals_before.site_id
            and counts_before.product_family = totals_before.product_family
    cross join complaint_themes
    left join members
        on
            counts_before.period_start_date = members.month_start_date
            and counts_before.segment = members.segment

),

compared as (

    select
        *,
        case
            when is_tested
                then {{ binomial_tail_z('comment_count', 'both_count', 'month_share') }}
        end as z
    from joined

),

-- Bonferroni: a chance is multiplied by how many questions were asked.
judged as (

    select
        *,
        case
            when is_tested then least(1e0, question_count * {{ normal_upper_tail('z') }})
        end as adjusted_p_value
    from compared

)

select
    period_start_date as month_start_date,
    theme,
    polarity,
    {{ member }},
    comment_count,
    read_count,
    comment_share,
    comment_low,
    comment_high,
    severity_mean,
    intensity_mean,
    baseline_count,
    baseline_read_count,
    baseline_month_count,
    cast(baseline_count as double) / nullif(baseline_read_count, 0) as baseline_share,
    comment_share
    / nullif(cast(baseline_count as double) / nullif(baseline_read_count, 0), 0) as share_ratio,
    question_count,
    adjusted_p_value,
    is_tested,
    coalesce(adjusted_p_value <= {{ rising_level() }}, false) as is_rising,
    is_complete
from judged
