{%- set grains = ['quarter', 'year'] -%}
{#- Of the sites or parts of a period one in a hundred periods may stand out by chance. -#}
{%- set false_share = 0.01 -%}

with visits as (  -- noqa: PRS

    select
        visits.*,
        costs.amount as repeat_amount
    from {{ ref('int_corrective_visits') }} as visits
    left join (
        select
            visit_id,
            sum(amount) as amount
        from {{ ref('fct_costs') }}
        where cost_group <> 'parts' and visit_id is not null
        group by visit_id
    ) as costs
        on visits.repeat_visit_id = costs.visit_id

),

parts as (

    select * from {{ ref('int_visit_parts') }}

),

counted as (

    select
        worked_date,
        site_id,
        cast(null as varchar) as part_id,
        is_lost,
        repeat_visit_id,
        wait_seconds,
        repeat_amount
    from visits

    union all

    select
        visits.worked_date,
        visits.site_id,
        parts.part_id,
        parts.is_missing as is_lost,
        case when parts.is_missing then visits.repeat_visit_id end as repeat_visit_id,
        case when parts.is_missing then visits.wait_seconds end as wait_seconds,
        case when parts.is_missing then visits.repeat_amount end as repeat_amount
    from visits
    inner join parts on visits.visit_id = parts.visit_id

),

periods as (

    {%- for grain in grains %}
        select
            '{{ grain }}' as period_grain,
            cast(date_trunc('{{ grain }}', worked_date) as date) as period_start_date,
            *
        from counted
        where worked_date is not null
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

-- A visit that lacked two parts is a row of both, and one of its site.
summed as (

    select
        period_grain,
        period_start_date,
        coalesce(site_id, 'all') as site_id,
        coalesce(part_id, 'all') as part_id,
        count(*) as visit_count,
        count(*) filter (where is_lost) as lost_visit_count,
        count(repeat_visit_id) as repeat_visit_count,
        count(wait_seconds) as waited_visit_count,
        sum(wait_seconds) as wait_sum_seconds,
        count(repeat_amount) as costed_visit_count,
        cast(sum(repeat_amount) as decimal(18, 4)) as repeat_amount
    from periods
    where part_id is null
    group by grouping sets (
        (period_grain, period_start_date, part_id), (period_grain, period_start_date, site_id, part_id)
    )

    union all

    select
        period_grain,
        period_start_date,
        coalesce(site_id, 'all') as site_id,
        part_id,
        count(*) as visit_count,
        count(*) filter (where is_lost) as lost_visit_count,
        count(repeat_visit_id) as repeat_visit_count,
        count(wait_seconds) as waited_visit_count,
        sum(wait_seconds) as wait_sum_seconds,
        count(repeat_amount) as costed_visit_count,
        cast(sum(repeat_amount) as decimal(18, 4)) as repeat_amount
    from periods
    where part_id is not null
    group by grouping sets (
        (period_grain, period_start_date, part_id), (period_grain, period_start_date, site_id, part_id)
    )

),

segmented as (

    select
        *,
        case
            when site_id = 'all' and part_id = 'all' then 'all'
            when part_id = 'all' then 'site'
            when site_id = 'all' then 'part'
            else 'site_and_part'
        end as segment
    from summed

),

names as (

    select
        part_id,
        max(part_name) as part_name
    from {{ ref('fct_part_lines') }}
    group by part_id

),

-- Sites are set against all visits of the company, parts against all that needed a part.
wholes as (

    select
        period_grain,
        period_start_date,
        segment,
        sum(visit_count) as items,
        sum(lost_visit_count) as hits,
        count(*) as compared_count
    from segmented
    where segment in ('site', 'part')
    group by period_grain, period_start_date, segment

),

draws as (

    select
        concat_ws('|', segmented.period_grain, cast(segmented.period_start_date as varchar),
            segmented.segment, segmented.site_id, segmented.part_id) as draw_id,
        wholes.compared_count,
        cast(wholes.items as bigint) as items,
        cast(wholes.hits as bigint) as hits,
        cast(segmented.visit_count as bigint) as drawn,
        cast(segmented.lost_visit_count as bigint) as found
    from segmented
    inner join wholes
        on
            segmented.period_grain = wholes.period_grain
            and segmented.period_start_date = wholes.period_start_date
            and segmented.segment = wholes.segment
    where wholes.compared_count > 1 and wholes.hits > 0

),

chances as (

    {{ chance_of_as_many('draws') }}

)

select
    segmented.period_grain,
    segmented.period_start_date,
    segmented.segment,
    segmented.site_id,
    segmented.part_id,
    names.part_name,
    cast(segmented.visit_count as bigint) as visit_count,
    cast(segmented.lost_visit_count as bigint) as lost_visit_count,
    cast(segmented.lost_visit_count as double) / segmented.visit_count as lost_share,
    {{ wilson_bound('cast(segmented.lost_visit_count as double)', 'cast(segmented.visit_count as double)', '-') }}
        as lost_share_low,
    {{ wilson_bound('cast(segmented.lost_visit_count as double)', 'cast(segmented.visit_count as double)', '+') }}
        as lost_share_high,
    cast(draws.drawn as double) * draws.hits / draws.items as expected_visit_count,
    chances.chance,
    coalesce(chances.chance * draws.compared_count <= {{ false_share }}, false) as is_standing_out,
    cast(segmented.repeat_visit_count as bigint) as repeat_visit_count,
    cast(segmented.wait_sum_seconds as double) / nullif(segmented.waited_visit_count, 0) as wait_mean_seconds,
    cast(segmented.costed_visit_count as bigint) as costed_visit_count,
    segmented.repeat_amount
from segmented
left join draws
    on
        draws.draw_id = concat_ws('|', segmented.period_grain, cast(segmented.period_start_date as varchar),
            segmented.segment, segmented.site_id, segmented.part_id)
left join chances on draws.draw_id = chances.draw_id
left join names on segmented.part_id = names.part_id
