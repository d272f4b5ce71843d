with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

)

select
    part_lines.part_line_id,
    part_lines.source,
    part_lines.ticket_id,
    part_lines.visit_id,
    part_lines.site_id,
    part_lines.product_family,
    part_lines.part_id,
    part_lines.part_name,
    part_lines.part_kind,
    part_lines.cost_basis,
    part_lines.quantity,
    part_lines.unit_cost_amount,
    part_lines.cost_amount,
    {{ elapsed_seconds('part_lines.requested_at', 'part_lines.delivered_at') }} as delivery_seconds,
    part_lines.is_warranty,
    -- As fct_sla_outcomes judges the promise: a fault, a part sent back before it came and a
    -- delivery that nobody recorded are neither kept nor broken.
    case
        when part_lines.delivered_at < part_lines.requested_at then cast(null as boolean)
        when
            part_lines.delivered_at is not null
            then part_lines.delivered_at <= part_lines.promised_at
        when
            part_lines.promised_at <= settings.as_of_at
            and part_lines.used_at is null
            and part_lines.returned_at is null
            then false
    end as is_on_time,
    {{ local_date('part_lines.requested_at') }} as requested_date,
    part_lines.requested_at,
    part_lines.promised_at,
    part_lines.delivered_at,
    part_lines.used_at,
    part_lines.returned_at
from part_lines
cross join settings
