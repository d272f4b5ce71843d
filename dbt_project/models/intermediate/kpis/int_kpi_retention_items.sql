with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

-- A source that tells renewals means something else by a new contract: another unit.
tellers as (

    select
        source,
        bool_or(purchase_kind = 'renewal') as tells_renewals
    from {{ ref('fct_purchases') }}
    where is_valid
    group by source

),

-- Lines of the same customer, product and days are units of a batch: a renewal of one is no renewal
-- of its twin.
contracts as (

    select
        purchases.purchase_id,
        purchases.customer_id,
        coalesce(purchases.product_id, '') as product_key,
        purchases.product_family,
        purchases.contract_start_date,
        purchases.contract_end_date,
        purchases.purchase_kind = 'renewal' or not tellers.tells_renewals as may_renew,
        row_number() over (
            partition by
                purchases.customer_id,
                coalesce(purchases.product_id, ''),
                purchases.contract_start_date,
                purchases.contract_end_date
            order by purchases.purchased_at, purchases.purchase_id
        ) as unit_number,
        greatest(purchases.contract_end_date, purchases.purchased_date) as ended_date
    from {{ ref('fct_purchases') }} as purchases
    inner join tellers on purchases.source = tellers.source
    where
        purchases.is_valid
        and purchases.purchase_kind in ('contract', 'renewal')
        and purchases.contract_start_date is not null
        and purchases.contract_end_date >= purchases.contract_start_date

),

batches as (

    select
        customer_id,
        product_key,
        contract_start_date,
        contract_end_date,
        count(*) filter (where may_renew) as unit_count
    from contracts
    group by customer_id, product_key, contract_start_date, contract_end_date

),

-- A batch follows the one that ends nearest to its own start, with no more than the grace between.
followed as (

    select
        later_batches.customer_id,
        later_batches.product_key,
        later_batches.unit_count,
        batches.contract_start_date,
        batches.contract_end_date,
        row_number() over (
            partition by
                later_batches.customer_id,
                later_batches.product_key,
                later_batches.contract_start_date,
                later_batches.contract_end_date
            order by
                abs({{ dbt.datediff(
                    'batches.contract_end_date', 'later_batches.contract_start_date', 'day'
                ) }} - 1),
                batches.contract_end_date,
                batches.contract_start_date
        ) as nearness
    from batches as later_batches
    inner join batches
        on
            later_batches.customer_id = batches.customer_id
            and later_batches.product_key = batches.product_key
            and later_batches.contract_start_date > batches.contract_start_date
            and later_batches.contract_end_date > batches.contract_end_date
            and later_batches.contract_start_date
            between batches.contract_end_date
            - interval {{ var('contract_renewal_grace_days') }} day
            and batches.contract_end_date
            + interval {{ var('contract_renewal_grace_days') }} day
    where later_batches.unit_count > 0

),

renewed as (

    select
        customer_id,
        product_key,
        contract_start_date,
        contract_end_date,
        sum(unit_count) as renewed_count
    from followed
    where nearness = 1
    group by customer_id, product_key, contract_start_date, contract_end_date

)

select
    'renewal_rate' as kpi_id,
    'purchase' as subject_kind,
    contracts.purchase_id as subject_id,
    cast(null as varchar) as technician_id,
    'unknown' as site_id,
    contracts.product_family,
    'unknown' as channel,
    'unknown' as priority,
    case
        when
            contracts.contract_end_date + interval {{ var('contract_renewal_grace_days') }} day
            > as_of.last_date
            then 'immature'
        else 'counted'
    end as item_state,
    cast(
        case when contracts.unit_number <= coalesce(renewed.renewed_count, 0) then 1 else 0 end
        as decimal(18, 4)
    ) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    contracts.ended_date as counted_date
from contracts
cross join as_of
left join renewed
    on
        contracts.customer_id = renewed.customer_id
        and contracts.product_key = renewed.product_key
        and contracts.contract_start_date = renewed.contract_start_date
        and contracts.contract_end_date = renewed.contract_end_date
where contracts.contract_end_date <= as_of.last_date
