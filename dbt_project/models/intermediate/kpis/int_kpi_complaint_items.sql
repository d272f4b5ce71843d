with complaints as (

    select * from {{ ref('fct_complaints') }}

),

tickets as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

-- Two populations make one rate: a complaint adds to the numerator on its day, a finished ticket to
-- the denominator on its own. A complaint about no known ticket still counts.
raised as (

    select
        'complaint_rate' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(1 as decimal(18, 4)) as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

),

finished as (

    select
        'complaint_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        finished_date as counted_date
    from tickets
    where finished_date is not null

),

handled as (

    select
        'complaint_handling_time_mean' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when is_open then 'censored'
            when handling_seconds is not null then 'counted'
            when closed_at is not null then 'time_fault'
            else 'not_recorded'
        end as item_state,
        cast(handling_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

),

acknowledged as (

    select
        'complaint_acknowledge_time_mean' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when acknowledge_seconds is not null then 'counted'
            when acknowledged_at is not null then 'time_fault'
            when is_open then 'censored'
            else 'not_recorded'
        end as item_state,
        cast(acknowledge_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

),

recurrent as (

    select
        'complaint_recurrence_rate' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when is_recurrent is not null then 'counted'
            when customer_id is null then 'customer_unknown'
            else 'cause_unknown'
        end as item_state,
        cast(case when is_recurrent then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

),

severe as (

    select
        'complaint_severe_share' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case when severity is null then 'not_recorded' else 'counted' end as item_state,
        cast(
            case when severity in ('high', 'critical') then 1 else 0 end as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

),

closed as (

    select
        'complaint_closed_share' as kpi_id,
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(case when is_open then 0 else 1 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        raised_date as counted_date
    from complaints

)

select * from raised
union all
select * from finished
union all
select * from handled
union all
select * from acknowledged
union all
select * from recurrent
union all
select * from severe
union all
select * from closed
