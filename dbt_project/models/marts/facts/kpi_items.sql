with items as (

    select * from {{ ref('int_kpi_items') }}

),

available_kpis as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where is_available

),

sites as (

    select
        site_id,
        coalesce(region, 'unknown') as region
    from {{ ref('dim_sites') }}

)

-- Unsorted: the rows of a KPI come together already, and zone maps find them.
select
    items.kpi_id,
    items.subject_kind,
    items.subject_id,
    items.technician_id,
    items.site_id,
    coalesce(sites.region, 'unknown') as region,
    items.product_family,
    items.issue_family,
    items.channel,
    items.priority,
    case
        when items.item_state in ('counted', 'immature', 'censored') then items.item_state
        else 'excluded'
    end as state,
    case
        when items.item_state in ('counted', 'immature', 'censored') then items.counted_reason
        else items.item_state
    end as reason,
    items.numerator,
    items.denominator,
    cast(items.item_count as integer) as item_count,
    items.counted_date
from items
inner join available_kpis on items.kpi_id = available_kpis.kpi_id
left join sites on items.site_id = sites.site_id
