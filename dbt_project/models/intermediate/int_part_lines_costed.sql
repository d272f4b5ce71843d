with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

part_lines as (

    select * from {{ ref('stg_part_lines') }}

),

visits as (

    select
        visit_id,
        ticket_id,
        product_family,
        site_id,
        technician_id,
        is_parts_warranty
    from {{ ref('int_visits_classified') }}

),

tickets as (

    select
        ticket_id,
        product_family,
        site_id,
        is_warranty
    from {{ ref('int_tickets_classified') }}

),

seen as (

    select
        part_lines.*,
        {{ known_by('part_lines.delivered_at', 'settings.as_of_at') }} as delivered_by_as_of_at,
        {{ known_by('part_lines.used_at', 'settings.as_of_at') }} as used_by_as_of_at,
        {{ known_by('part_lines.returned_at', 'settings.as_of_at') }} as returned_by_as_of_at
    from part_lines
    cross join settings
    where part_lines.requested_at <= settings.as_of_at

),

-- A source that follows its parts books one when it is used; one that does not, with the request.
sources as (

    select
        source,
        bool_or(delivered_by_as_of_at is not null) as follows_parts
    from seen
    group by source

)

select
    seen.part_line_id,
    seen.source,
    coalesce(seen.ticket_id, visits.ticket_id) as ticket_id,
    seen.visit_id,
    coalesce(
        seen.site_id,
        nullif(visits.site_id, 'unknown'),
        nullif(tickets.site_id, 'unknown'),
        'unknown'
    ) as site_id,
    coalesce(
        nullif(tickets.product_family, 'unknown'),
        nullif(visits.product_family, 'unknown'),
        'unknown'
    ) as product_family,
    visits.technician_id,
    seen.part_id,
    seen.part_name,
    seen.part_kind,
    seen.quantity,
    seen.unit_cost_amount,
    case
        when
            seen.returned_by_as_of_at is not null
            or (sources.follows_parts and seen.used_by_as_of_at is null)
            then cast(0 as decimal(18, 4))
        else
            cast(
                {{ multiply_amounts('seen.quantity', 'coalesce(seen.unit_cost_amount, 0)') }}
                - coalesce(seen.supplier_recovery_amount, 0) as decimal(18, 4)
            )
    end as cost_amount,
    coalesce(seen.is_warranty, visits.is_parts_warranty, tickets.is_warranty) as is_warranty,
    {{ local_month('coalesce(seen.used_by_as_of_at, seen.requested_at)') }} as cost_month_date,
    seen.requested_at,
    seen.promised_at,
    seen.delivered_by_as_of_at as delivered_at,
    seen.used_by_as_of_at as used_at,
    seen.returned_by_as_of_at as returned_at
from seen
inner join sources on seen.source = sources.source
left join visits on seen.visit_id = visits.visit_id
left join tickets on coalesce(seen.ticket_id, visits.ticket_id) = tickets.ticket_id
