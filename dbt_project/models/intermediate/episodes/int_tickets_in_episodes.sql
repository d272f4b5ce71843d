select
    ticket_id,
    episode_id
from {{ ref('int_contacts_in_episodes') }}
where contact_kind = 'ticket'
