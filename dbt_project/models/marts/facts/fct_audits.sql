with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

audits as (

    select audits.*
    from {{ ref('stg_audits') }} as audits
    cross join settings
    where audits.audited_at <= settings.as_of_at

),

tickets as (

    select
        ticket_id,
        site_id,
        product_family
    from {{ ref('int_tickets_classified') }}

)

select
    audits.audit_id,
    audits.source,
    coalesce(audits.site_id, tickets.site_id, 'unknown') as site_id,
    audits.technician_id,
    audits.ticket_id,
    audits.audit_kind,
    coalesce(tickets.product_family, 'unknown') as product_family,
    coalesce(audits.aspect, 'overall') as aspect,
    audits.comment,
    audits.score,
    audits.scale_max,
    audits.scale_max > 0 and audits.score between 0 and audits.scale_max as is_valid,
    {{ local_date('audits.audited_at') }} as audited_date,
    audits.audited_at
from audits
left join tickets on audits.ticket_id = tickets.ticket_id
