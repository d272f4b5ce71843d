select
    cast(event_id as varchar) as event_id,
    cast(_source as varchar) as source,
    cast(ticket_id as varchar) as ticket_id,
    cast(event_kind as varchar) as event_kind,
    cast(author_kind as varchar) as author_kind,
    {{ protect_column('author_id', 'varchar', 'staff_key') }} as author_id,
    cast(status as varchar) as status,
    cast(priority as varchar) as priority,
    cast(site_id as varchar) as site_id,
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(channel as varchar) as channel,
    {{ protect_column('note', 'varchar', 'free_text') }} as note,
    cast(sequence_number as bigint) as sequence_number,
    cast(is_public as boolean) as is_public,
    cast(occurred_at as timestamp) as occurred_at
from {{ source('raw', 'ticket_events') }}
