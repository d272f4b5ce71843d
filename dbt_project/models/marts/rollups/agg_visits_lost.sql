{%- set grains = ['quarter', 'year'] -%}
{#- In one of twenty periods somebody may stand out by chance, however many are compared. -#}
{%- set false_share = 0.05 -%}

with costs as (

    select
        visit_id,
        sum(amount) as amount
    from {{ ref('fct_costs') }}
    where cost_group <> 'parts' and visit_id is not null
    group by visit_id

),

visits as (

    select
        visits.*,
        costs.amount as repeat_amount
    from {{ ref('int_corrective_visits') }} as visits
    left join costs on visits.repeat_visit_id = costs.visit_id

),

parts as (

    select * from {{ ref('int_visit_parts') }}

),

periods as (

    {%- for grain in grains %}
        select
            '{{ grain }}' as period_grain,
            cast(date_trunc('{{ grain }}', worked_date) as date) as period_start_date,
            *
        from visits
        where worked_date is not null
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by period_grain, period_start_date
            order by wait_seconds is null asc, wait_seconds desc, visit_id asc
        ) as wait_rank,
        count(wait_seconds) over (partition by period_grain, period_start_date) as waited_count
    from periods

),

-- The longest quarter of the waits of a period: where parts are short, visits are not lost often at
-- first, but each waits long.
judged as (

    select
        *,
        wait_rank <= floor(waited_count / 4) as is_long_wait
    from ranked

),

counted as (

    select
        period_grain,
        period_start_date,
        site_id,
        cast(null as varchar) as part_id,
        is_lost,
        is_long_wait,
        repeat_visit_id,
        wait_seconds,
        repeat_amount
    from judged

    union all

    select
        judged.period_grain,
        judged.period_start_date,
        judged.site_id,
        parts.part_id,
        parts.is_missing as is_lost,
        parts.is_missing and judged.is_long_wait as is_long_wait,
        case when parts.is_missing then judged.repeat_visit_id end as repeat_visit_id,
        case when parts.is_missing then judged.wait_seconds end as wait_seconds,
        case when parts.is_missing then judged.repeat_amount end as repeat_amount
    from judged
    inner join parts on judged.visit_id = parts.visit_id

),

scoped as (

    select
        'all' as scope_site_id,
        *
    from counted

    union all

    select
        site_id as scope_site_id,
        *
    from counted

),

-- A visit that lacked two parts is a row of both, and one of its site.
summed as (

    select
        period_grain,
        period_start_date,
        scope_site_id as site_id,
        coalesce(part_id, 'all') as part_id,
        count(*) as visit_count,
        count(*) filter (where is_lost) as lost_visit_count,
        count(*) filter (where is_long_wait) as long_wait_visit_count,
        count(repeat_visit_id) as repeat_visit_count,
        count(wait_seconds) as waited_visit_count,
        sum(wait_seconds) as wait_sum_seconds,
        count(repeat_amount) as costed_visit_count,
        cast(sum(repeat_amount) as decimal(18, 4)) as repeat_amount
    from scoped
    group by period_grain, period_start_date, scope_site_id, coalesce(part_id, 'all')

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
        sum(lost_visit_count) as lost_hits,
        sum(long_wait_visit_count) as long_wait_hits,
        count(*) as compared_count
    from segmented
    where segment in ('site', 'part')
    group by period_grain, period_start_date, segment

),

compared as (

    select
        concat_ws(
            '|',
            segmented.period_grain,
            cast(segmented.period_start_date as varchar),
            segmented.site_id,
            segmented.part_id
        ) as row_id,
        wholes.compared_count,
        cast(wholes.items as bigint) as items,
        cast(segmented.visit_count as bigint) as drawn,
        cast(wholes.lost_hits as bigint) as lost_hits,
        cast(segmented.lost_visit_count as bigint) as lost_found,
        cast(wholes.long_wait_hits as bigint) as long_wait_hits,
        cast(segmented.long_wait_visit_count as bigint) as long_wait_found
    from segmented
    inner join wholes
        on
            segmented.period_grain = wholes.period_grain
            and segmented.period_start_date = wholes.period_start_date
            and segmented.segment = wholes.segment
    where wholes.compared_count > 1 and wholes.lost_hits > 0

),

draws as (

    {%- for kind in ['lost', 'long_wait'] %}
        select
            row_id || '|{{ kind }}' as draw_id,
            items,
            {{ kind }}_hits as hits,
            drawn,
            {{ kind }}_found as found
        from compared
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

chances as (

    {{ chance_of_as_many('draws') }}

),

-- Two questions are asked of each.
tested as (

    select
        compared.*,
        lost.chance,
        long_wait.chance as long_wait_chance,
        lost.chance * compared.compared_count * 2 <= {{ false_share }} as is_more_often,
        long_wait.chance * compared.compared_count * 2 <= {{ false_share }} as is_longer
    from compared
    inner join chances as lost on lost.draw_id = compared.row_id || '|lost'
    inner join chances as long_wait on long_wait.draw_id = compared.row_id || '|long_wait'

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
    {{ wilson_bound(
        'cast(segmented.lost_visit_count as double)', 'cast(segmented.visit_count as double)', '-'
    ) }} as lost_share_low,
    {{ wilson_bound(
        'cast(segmented.lost_visit_count as double)', 'cast(segmented.visit_count as double)', '+'
    ) }} as lost_share_high,
    cast(tested.drawn as double) * tested.lost_hits / tested.items as expected_visit_count,
    tested.chance,
    cast(segmented.long_wait_visit_count as bigint) as long_wait_visit_count,
    tested.long_wait_chance,
    case
        when tested.is_more_often and tested.is_longer then 'both'
        when tested.is_more_often then 'more_often'
        when tested.is_longer then 'longer_wait'
        else 'nothing'
    end as standing_out_by,
    coalesce(tested.is_more_often or tested.is_longer, false) as is_standing_out,
    cast(segmented.repeat_visit_count as bigint) as repeat_visit_count,
    cast(segmented.wait_sum_seconds as double)
    / nullif(segmented.waited_visit_count, 0) as wait_mean_seconds,
    cast(segmented.costed_visit_count as bigint) as costed_visit_count,
    segmented.repeat_amount
from segmented
left join tested
    on
        tested.row_id = concat_ws(
            '|',
            segmented.period_grain,
            cast(segmented.period_start_date as varchar),
            segmented.site_id,
            segmented.part_id
        )
left join names on segmented.part_id = names.part_id
