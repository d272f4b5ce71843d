with sites as (

    select * from {{ ref('stg_sites') }}

),

referenced_ids as (

    -- Where no site is known, every fact says so with this one.
    select 'unknown' as site_id
    union
    select site_id from {{ ref('stg_technicians') }}
    union
    select site_id from {{ ref('stg_tickets') }}
    union
    select site_id from {{ ref('stg_ticket_events') }}
    union
    select site_id from {{ ref('stg_complaints') }}
    union
    select site_id from {{ ref('stg_visits') }}
    union
    select site_id from {{ ref('stg_part_lines') }}
    union
    select site_id from {{ ref('stg_part_stock') }}
    union
    select site_id from {{ ref('stg_reviews') }}
    union
    select site_id from {{ ref('stg_labor_costs') }}
    union
    select site_id from {{ ref('stg_operating_costs') }}
    union
    select site_id from {{ ref('stg_ledger_totals') }}
    union
    select site_id from {{ ref('stg_audits') }}
    union
    select site_id from {{ ref('stg_shifts') }}

)

select
    coalesce(sites.site_id, referenced_ids.site_id) as site_id,
    sites.source,
    coalesce(sites.site_name, sites.site_id, referenced_ids.site_id) as site_name,
    sites.site_kind,
    sites.region,
    sites.city,
    sites.country,
    sites.service_hours,
    sites.latitude,
    sites.longitude,
    sites.site_id is null as is_inferred,
    sites.opened_date,
    sites.closed_date
from sites
full outer join referenced_ids on sites.site_id = referenced_ids.site_id
where coalesce(sites.site_id, referenced_ids.site_id) is not null
