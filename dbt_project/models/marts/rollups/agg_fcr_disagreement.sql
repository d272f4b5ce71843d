{%- set variants = ['touch', 'event', '1d', '3d', '7d', '14d', '30d', 'survey'] -%}
with resolutions as (

    select * from {{ ref('fct_ticket_resolutions') }}
    where exit_kind not in ('merged', 'cancelled')

),

answers as (

    select
        ticket_id,
        raw_score = 1 as is_fcr_survey
    from {{ ref('fct_survey_answers') }}
    where question_kind = 'fcr' and is_valid and is_latest and ticket_id is not null

),

-- One answer per ticket and kind of survey; where there were two, both must say so.
ticket_answers as (

    select
        ticket_id,
        bool_and(is_fcr_survey) as is_fcr_survey
    from answers
    group by ticket_id

),

verdicts as (

    select
        resolutions.*,
        ticket_answers.is_fcr_survey
    from resolutions
    left join ticket_answers on resolutions.ticket_id = ticket_answers.ticket_id

),

-- Few tickets differ in their verdicts: the pairs are counted over the patterns, not over tickets.
patterns as (

    select
        case
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            else 'all'
        end as segment,
        case when grouping(date_trunc('month', first_resolved_date)) = 0 then 'month' else 'all' end
            as period_grain,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        coalesce(channel, 'all') as channel,
        {%- for variant in variants %}
            is_fcr_{{ variant }},
        {%- endfor %}
        count(*) as ticket_count,
        cast(date_trunc('month', first_resolved_date) as date) as period_start_date
    from verdicts
    {%- set pattern = 'is_fcr_' ~ variants | join(', is_fcr_') %}
    group by grouping sets (  -- noqa: PRS
        ({{ pattern }}),
        ({{ pattern }}, site_id),
        ({{ pattern }}, product_family),
        ({{ pattern }}, channel),
        ({{ pattern }}, date_trunc('month', first_resolved_date)),
        ({{ pattern }}, date_trunc('month', first_resolved_date), site_id),
        ({{ pattern }}, date_trunc('month', first_resolved_date), product_family),
        ({{ pattern }}, date_trunc('month', first_resolved_date), channel)
    )

),

-- The indentation of what a loop writes is never right in both, the file and what it becomes.
-- noqa: disable=LT02
pairs as (
    {% for variant in variants %}
    {%- for other in variants[loop.index :] %}
        select
            '{{ variant }}' as variant_a,
            '{{ other }}' as variant_b,
            segment,
            period_grain,
            site_id,
            product_family,
            channel,
            is_fcr_{{ variant }} as is_a,
            is_fcr_{{ other }} as is_b,
            ticket_count,
            period_start_date
        from patterns
        where is_fcr_{{ variant }} is not null and is_fcr_{{ other }} is not null
        {%- if not (loop.last and variant == variants[-2]) %}
        union all
        {%- endif %}
    {%- endfor %}
    {%- endfor %}

),
-- noqa: enable=LT02

counted as (

    select
        variant_a,
        variant_b,
        segment,
        period_grain,
        site_id,
        product_family,
        channel,
        coalesce(sum(ticket_count) filter (where is_a and is_b), 0) as both_count,
        coalesce(sum(ticket_count) filter (where is_a and not is_b), 0) as only_a_count,
        coalesce(sum(ticket_count) filter (where not is_a and is_b), 0) as only_b_count,
        coalesce(sum(ticket_count) filter (where not is_a and not is_b), 0) as neither_count,
        sum(ticket_count) as ticket_count,
        period_start_date
    from pairs
    group by
        variant_a,
        variant_b,
        segment,
        period_grain,
        site_id,
        product_family,
        channel,
        period_start_date

),

chances as (

    select
        *,
        (both_count + neither_count) / ticket_count as agreement_share,
        (
            (both_count + only_a_count) * (both_count + only_b_count)
            + (only_b_count + neither_count) * (only_a_count + neither_count)
        ) / (ticket_count * ticket_count) as chance_share
    from counted

)

select
    variant_a,
    variant_b,
    period_grain,
    segment,
    site_id,
    product_family,
    channel,
    cast(both_count as bigint) as both_count,
    cast(only_a_count as bigint) as only_a_count,
    cast(only_b_count as bigint) as only_b_count,
    cast(neither_count as bigint) as neither_count,
    cast(ticket_count as bigint) as ticket_count,
    cast(agreement_share as double) as agreement_share,
    -- Where both say the same of every ticket, chance explains it all and there is no kappa.
    cast(
        case when chance_share < 1 then (agreement_share - chance_share) / (1 - chance_share) end
        as double
    ) as kappa,
    coalesce(period_start_date, min(period_start_date) over ()) as period_start_date
from chances
