{#- Fewer requests than these say nothing of their cause. -#}
{%- set least_tickets = 5 -%}

with circumstances as (

    select * from {{ ref('int_kpi_complaint_circumstances') }}

),

complained as (

    select distinct
        'cause' as segment,
        coalesce(cause, 'unknown') as cause,
        ticket_id
    from {{ ref('fct_complaints') }}
    where ticket_id is not null

    union all

    select distinct
        'all' as segment,
        'all' as cause,
        ticket_id
    from {{ ref('fct_complaints') }}
    where ticket_id is not null

),

wholes as (

    select
        circumstance,
        count(*) as ticket_count,
        sum(case when is_present then 1 else 0 end) as present_count
    from circumstances
    group by circumstance

),

likes as (

    select
        circumstance,
        stratum,
        cast(sum(case when is_present then 1 else 0 end) as double) / count(*) as present_share
    from circumstances
    group by circumstance, stratum

),

compared as (

    select
        complained.segment,
        complained.cause,
        circumstances.circumstance,
        count(*) as ticket_count,
        sum(case when circumstances.is_present then 1 else 0 end) as present_count,
        cast(sum(cast(likes.present_share as decimal(18, 12))) as double) as expected_count
    from complained
    inner join circumstances on complained.ticket_id = circumstances.ticket_id
    inner join likes
        on
            circumstances.circumstance = likes.circumstance
            and circumstances.stratum = likes.stratum
    group by complained.segment, complained.cause, circumstances.circumstance

),

identified as (

    select
        compared.*,
        wholes.ticket_count as base_ticket_count,
        wholes.present_count as base_present_count,
        concat_ws('|', compared.segment, compared.cause, compared.circumstance) as draw_id
    from compared
    inner join wholes on compared.circumstance = wholes.circumstance

),

draws as (

    select
        draw_id,
        cast(base_ticket_count as bigint) as items,
        cast(base_present_count as bigint) as hits,
        cast(ticket_count as bigint) as drawn,
        cast(present_count as bigint) as found
    from identified
    where
        ticket_count >= {{ least_tickets }}
        and base_present_count > 0
        and base_present_count < base_ticket_count

),

chances as (

    {{ chance_of_as_many('draws') }}

),

ordered as (

    select
        identified.*,
        chances.chance,
        count(chances.chance) over (partition by identified.segment) as family_size,
        row_number() over (
            partition by identified.segment, chances.chance is null
            order by chances.chance, identified.cause, identified.circumstance
        ) as position_number
    from identified
    left join chances on identified.draw_id = chances.draw_id

),

judged as (

    select
        *,
        {{ holm_p(
            'chance', 'position_number', 'family_size', ['segment'], ['cause', 'circumstance']
        ) }} as family_chance
    from ordered

)

select
    segment,
    cause,
    circumstance,
    case
        when family_chance is null then 'too_few'
        when family_chance < {{ significance_level() }} and present_count > expected_count
            then 'association'
        else 'chance'
    end as verdict,
    cast(ticket_count as bigint) as ticket_count,
    cast(present_count as bigint) as present_count,
    cast(present_count as double) / ticket_count as present_share,
    {{ wilson_bound('cast(present_count as double)', 'cast(ticket_count as double)', '-') }}
        as present_low,
    {{ wilson_bound('cast(present_count as double)', 'cast(ticket_count as double)', '+') }}
        as present_high,
    cast(base_ticket_count as bigint) as base_ticket_count,
    cast(base_present_count as double) / base_ticket_count as base_share,
    expected_count / ticket_count as expected_share,
    chance,
    family_chance
from judged
