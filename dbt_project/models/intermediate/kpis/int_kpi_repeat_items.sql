with repeats as (

    select * from {{ ref('int_kpi_ticket_repeats') }}

),

repeated as (

    select
        'repeat_contact_rate' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        item_state,
        cast(case when is_repeated then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from repeats

),

resolved_at_once as (

    select
        'first_contact_resolution_rate' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        item_state,
        cast(case when is_repeated then 0 else 1 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from repeats

)

select * from repeated
union all
select * from resolved_at_once
