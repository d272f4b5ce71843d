select
    cast(invitation_id as varchar) as invitation_id,
    cast(_source as varchar) as source,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(ticket_id as varchar) as ticket_id,
    cast(survey_channel as varchar) as survey_channel,
    cast(sent_at as timestamp) as sent_at
from {{ source('raw', 'survey_invitations') }}
