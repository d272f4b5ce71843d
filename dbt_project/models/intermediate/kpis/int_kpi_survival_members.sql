with items as (

    select distinct
        metric,
        site_id,
        region,
        product_family,
        channel,
        priority
    from {{ ref('int_kpi_survival_items') }}

),

combinations as (

    select
        *,
        row_number() over (
            order by metric, site_id, region, product_family, channel, priority
        ) as combination_number
    from items

),

memberships as (

    select
        combination_number,
        metric,
        'all' as segment,
        'all' as site_id,
        'all' as region,
        'all' as product_family,
        'all' as channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'site' as segment,
        site_id,
        'all' as region,
        'all' as product_family,
        'all' as channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'region' as segment,
        'all' as site_id,
        region,
        'all' as product_family,
        'all' as channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'product_family' as segment,
        'all' as site_id,
        'all' as region,
        product_family,
        'all' as channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'site_and_product_family' as segment,
        site_id,
        'all' as region,
        product_family,
        'all' as channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'channel' as segment,
        'all' as site_id,
        'all' as region,
        'all' as product_family,
        channel,
        'all' as priority
    from combinations

    union all

    select
        combination_number,
        metric,
        'priority' as segment,
        'all' as site_id,
        'all' as region,
        'all' as product_family,
        'all' as channel,
        priority
    from combinations

)

select
    memberships.combination_number,
    dense_rank() over (
        order by
            memberships.metric,
            memberships.segment,
            memberships.site_id,
            memberships.region,
            memberships.product_family,
            memberships.channel,
            memberships.priority
    ) as member_number,
    memberships.metric,
    memberships.segment,
    memberships.site_id,
    memberships.region,
    memberships.product_family,
    memberships.channel,
    memberships.priority,
    combinations.site_id as item_site_id,
    combinations.region as item_region,
    combinations.product_family as item_product_family,
    combinations.channel as item_channel,
    combinations.priority as item_priority
from memberships
inner join combinations on memberships.combination_number = combinations.combination_number
