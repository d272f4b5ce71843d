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

),

unpriced as (

    select
        part_line_id,
        part_id,
        coalesce(used_by_as_of_at, requested_at) as valued_at
    from seen
    where unit_cost_amount is null and part_id is not null

),

-- Only the parts of which some line has no price: usually none.
receipts_and_issues as (

    select
        cast(null as varchar) as part_line_id,
        part_id,
        0 as receipt_first,
        quantity,
        cast({{ multiply_amounts('quantity', 'unit_cost_amount') }} as decimal(18, 4)) as amount,
        coalesce(delivered_by_as_of_at, requested_at) as valued_at
    from seen
    where
        unit_cost_amount is not null
        and quantity > 0
        and part_id in (select unpriced.part_id from unpriced)

    union all

    select
        part_line_id,
        part_id,
        1 as receipt_first,
        cast(0 as decimal(18, 4)) as quantity,
        cast(0 as decimal(18, 4)) as amount,
        valued_at
    from unpriced

),

running as (

    select
        part_line_id,
        sum(quantity) over (
            partition by part_id order by valued_at, receipt_first, part_line_id
        ) as received_quantity,
        sum(amount) over (
            partition by part_id order by valued_at, receipt_first, part_line_id
        ) as received_amount
    from receipts_and_issues

),

averages as (

    select
        part_line_id,
        cast(
            cast(received_amount as double) / cast(received_quantity as double) as decimal(18, 4)
        ) as average_cost_amount
    from running
    where part_line_id is not null and received_quantity > 0

),

priced as (

    select
        seen.*,
        sources.follows_parts,
        coalesce(seen.unit_cost_amount, averages.average_cost_amount) as valued_unit_cost_amount,
        case
            when seen.unit_cost_amount is not null then 'delivered'
            when averages.average_cost_amount is not null then 'moving_average'
            else 'unknown'
        end as cost_basis,
        not sources.follows_parts or seen.used_by_as_of_at is not null as is_booked
    from seen
    inner join sources on seen.source = sources.source
    left join averages on seen.part_line_id = averages.part_line_id

),

valued as (

    select
        *,
        case
            when not is_booked then cast(0 as decimal(18, 4))
            else
                cast(
                    {{ multiply_amounts('quantity', 'valued_unit_cost_amount') }}
                    - coalesce(supplier_recovery_amount, 0) as decimal(18, 4)
                )
        end as booked_amount,
        cast(case when is_booked then quantity else 0 end as decimal(18, 4)) as booked_quantity,
        cast(
            case when is_booked then coalesce(supplier_recovery_amount, 0) else 0 end
            as decimal(18, 4)
        ) as recovered_amount
    from priced

)

select
    valued.part_line_id,
    valued.source,
    coalesce(valued.ticket_id, visits.ticket_id) as ticket_id,
    valued.visit_id,
    coalesce(
        valued.site_id,
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
    valued.part_id,
    valued.part_name,
    valued.part_kind,
    valued.cost_basis,
    valued.quantity,
    valued.unit_cost_amount,
    case
        when valued.returned_by_as_of_at is not null then cast(0 as decimal(18, 4))
        else valued.booked_amount
    end as cost_amount,
    -- A return does not reach back into the month of the use: it is a booking of its own.
    valued.booked_amount,
    valued.booked_quantity,
    valued.recovered_amount,
    coalesce(valued.is_warranty, visits.is_parts_warranty, tickets.is_warranty) as is_warranty,
    {{ local_month('coalesce(valued.used_by_as_of_at, valued.requested_at)') }} as cost_month_date,
    {{ local_month('valued.returned_by_as_of_at') }} as credit_month_date,
    valued.requested_at,
    valued.promised_at,
    valued.delivered_by_as_of_at as delivered_at,
    valued.used_by_as_of_at as used_at,
    valued.returned_by_as_of_at as returned_at
from valued
left join visits on valued.visit_id = visits.visit_id
left join tickets on coalesce(valued.ticket_id, visits.ticket_id) = tickets.ticket_id
