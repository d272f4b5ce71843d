with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

clocks as (

    select
        ticket_id,
        finished_date
    from {{ ref('int_kpi_ticket_clocks') }}
    where finished_date is not null

),

visits as (

    select
        fct_visits.visit_id,
        fct_visits.ticket_id,
        fct_visits.technician_id,
        fct_visits.site_id,
        fct_visits.product_family,
        coalesce(stg_visits.labor_fee_amount, 0) + coalesce(stg_visits.parts_fee_amount, 0)
            as fee_amount,
        coalesce(fct_visits.completed_date, fct_visits.requested_date) as charged_date
    from {{ ref('fct_visits') }} as fct_visits
    inner join {{ ref('stg_visits') }} as stg_visits on fct_visits.visit_id = stg_visits.visit_id
    where
        fct_visits.outcome <> 'open'
        and coalesce(stg_visits.labor_fee_amount, stg_visits.parts_fee_amount) is not null

),

fees_of_visits as (

    select
        ticket_id,
        sum(fee_amount) as fee_amount
    from visits
    where ticket_id is not null
    group by ticket_id

),

charged as (

    -- The ticket's own fee is the whole of it; its visits tell it only where the ticket does not.
    -- Under warranty nothing is charged unless somebody says so.
    select
        tickets.ticket_id,
        cast(null as varchar) as visit_id,
        tickets.technician_id,
        tickets.site_id,
        tickets.product_family,
        tickets.channel,
        tickets.priority,
        coalesce(
            tickets.fee_amount, fees_of_visits.fee_amount, case when tickets.is_warranty then 0 end
        ) as fee_amount,
        clocks.finished_date as charged_date
    from clocks
    inner join tickets on clocks.ticket_id = tickets.ticket_id
    left join fees_of_visits on clocks.ticket_id = fees_of_visits.ticket_id

    union all

    select
        cast(null as varchar) as ticket_id,
        visit_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        fee_amount,
        charged_date
    from visits
    where ticket_id is null

)

select
    charged.ticket_id,
    charged.visit_id,
    charged.technician_id,
    charged.site_id,
    charged.product_family,
    charged.channel,
    charged.priority,
    case when charged.fee_amount is null then 'fee_not_recorded' else 'counted' end as fee_state,
    cast(charged.fee_amount as decimal(18, 4)) as fee_amount,
    charged.charged_date
from charged
cross join as_of
where charged.charged_date <= as_of.last_date
