with contacts as (

    select
        contact_id,
        named_contact_id
    from {{ ref('int_contacts_gathered') }}
    where named_contact_id is not null

),

islands as (

    select
        contact_id,
        island_id
    from {{ ref('int_contacts_islanded') }}

),

edges as (

    select distinct
        own.island_id as from_node,
        named.island_id as to_node
    from contacts
    inner join islands as own on contacts.contact_id = own.contact_id
    inner join islands as named on contacts.named_contact_id = named.contact_id
    where own.island_id <> named.island_id

),

components as (

    {{ connected_components('edges') | indent(4) }}

)

select
    node as island_id,
    label as component_id
from components
