with tickets as (

    select
        ticket_id,
        first_response_seconds,
        full_resolution_seconds,
        first_response_at,
        resolved_at,
        coalesce(site_id, 'unknown') as site_id,
        coalesce(product_family, 'unknown') as product_family,
        coalesce(channel, 'unknown') as channel,
        coalesce(priority, 'unknown') as priority
    from {{ ref('fct_tickets') }}
    where exit_kind <> 'merged'

),

outcomes as (

    select
        outcomes.*,
        tickets.site_id,
        tickets.product_family,
        tickets.channel,
        tickets.priority,
        case
            when tickets.first_response_at <= outcomes.known_at
                then tickets.first_response_seconds
        end as first_response_seconds,
        case
            when tickets.resolved_at <= outcomes.known_at then tickets.full_resolution_seconds
        end as resolution_seconds
    from {{ ref('int_kpi_driver_outcomes') }} as outcomes
    inner join tickets on outcomes.ticket_id = tickets.ticket_id
    where outcomes.item_state = 'counted'

),

-- What came after the answer, or after the customer was watched, cannot have led to it.
exposed as (

    select
        outcomes.outcome,
        exposures.driver,
        'exposed' as contrast,
        outcomes.item_id,
        outcomes.cluster_id,
        outcomes.site_id,
        outcomes.product_family,
        outcomes.channel,
        outcomes.priority,
        cast(
            case when exposures.exposed_at <= outcomes.known_at then 1 else 0 end as bigint
        ) as exposure,
        outcomes.value
    from outcomes
    inner join {{ ref('int_kpi_driver_exposures') }} as exposures
        on outcomes.ticket_id = exposures.ticket_id

),

waits as (

    {% for driver, column in [
        ('first_response_time', 'first_response_seconds'),
        ('resolution_time', 'resolution_seconds'),
    ] -%}
        {% if not loop.first %}union all{% endif %}

        select
            outcome,
            '{{ driver }}' as driver,
            item_id,
            cluster_id,
            site_id,
            product_family,
            channel,
            priority,
            cast(
                case
                    {%- for last_second in var('waiting_bands')[driver] %}
                        when {{ column }} <= {{ last_second }} then {{ loop.index0 }}
                    {%- endfor %}
                    else {{ var('waiting_bands')[driver] | length }}
                end as bigint
            ) as band_number,
            value
        from outcomes
        where {{ column }} is not null

    {% endfor %}

),

-- All bands as the steps of a ladder.
ladders as (

    select
        outcome,
        driver,
        'ladder' as contrast,
        item_id,
        cluster_id,
        site_id,
        product_family,
        channel,
        priority,
        band_number as exposure,
        value
    from waits

),

numbers as (

    select distinct band_number
    from waits
    where band_number > 0

),

-- Each band beside the first alone.
bands as (

    select
        waits.outcome,
        waits.driver,
        'band_' || numbers.band_number as contrast,
        waits.item_id,
        waits.cluster_id,
        waits.site_id,
        waits.product_family,
        waits.channel,
        waits.priority,
        cast(case when waits.band_number > 0 then 1 else 0 end as bigint) as exposure,
        waits.value
    from waits
    inner join numbers
        on waits.band_number = 0 or waits.band_number = numbers.band_number

)

select * from exposed
union all
select * from ladders
union all
select * from bands
