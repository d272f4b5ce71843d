{% set lead_key -%}
    kpi_id, period_grain, period_start_date, comparison, dimension, member
{%- endset %}
{% set lead_facts -%}
    compared_start_date, kind, factor, segments, lead_effect, reference_rate, is_complete
{%- endset %}

with kpis as (

    select
        kpi_id,
        kind,
        case when kind = 'net_score' then 100 else 1 end as factor,
        ' ' || coalesce(segments, '') || ' ' as segments
    from {{ ref('dim_kpis') }}
    where adds_up

),

-- Of each change the member that stands out most; where nobody does there is none, but for what
-- floating-point numbers leave over.
leads as (

    select
        split.kpi_id,
        split.period_grain,
        split.period_start_date,
        split.comparison,
        split.dimension,
        split.member,
        case
            when split.comparison = 'previous'
                then {{ period_before('split.period_start_date', 'split.period_grain') }}
            else cast(split.period_start_date - interval 12 month as date)
        end as compared_start_date,
        kpis.kind,
        kpis.factor,
        kpis.segments,
        split.effect as lead_effect,
        split.reference_value / kpis.factor as reference_rate,
        split.is_complete
    from {{ ref('agg_kpi_change_split') }} as split
    inner join kpis on split.kpi_id = kpis.kpi_id
    where split.cause_rank = 1 and abs(split.own_effect) > 1e-9 * abs(split.effect)

),

grains as (

    select distinct period_grain from leads

),

cells as (

    select
        kpi_cells.kpi_id,
        grains.period_grain,
        cast(date_trunc(grains.period_grain, kpi_cells.month_start_date) as date)
            as period_start_date,
        kpi_cells.site_id,
        kpi_cells.product_family,
        kpi_cells.channel,
        kpi_cells.priority,
        sum(kpi_cells.numerator) as amount,
        sum(kpi_cells.denominator) as volume
    from {{ ref('kpi_cells') }} as kpi_cells
    cross join grains
    group by
        kpi_cells.kpi_id,
        grains.period_grain,
        cast(date_trunc(grains.period_grain, kpi_cells.month_start_date) as date),
        kpi_cells.site_id,
        kpi_cells.product_family,
        kpi_cells.channel,
        kpi_cells.priority

),

wholes as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        sum(amount) as amount,
        sum(volume) as volume
    from cells
    group by kpi_id, period_grain, period_start_date

),

-- The cells of the lead member in both periods.
sides as (

    select
        leads.*,
        cells.site_id,
        cells.product_family,
        cells.channel,
        cells.priority,
        cast(0 as decimal(38, 4)) as amount_before,
        cells.amount as amount_after,
        cast(0 as decimal(38, 4)) as volume_before,
        cells.volume as volume_after
    from leads
    inner join cells
        on
            leads.kpi_id = cells.kpi_id
            and leads.period_grain = cells.period_grain
            and leads.period_start_date = cells.period_start_date
            and leads.member = {{ member_of('leads.dimension', 'cells') }}

    union all

    select
        leads.*,
        cells.site_id,
        cells.product_family,
        cells.channel,
        cells.priority,
        cells.amount as amount_before,
        cast(0 as decimal(38, 4)) as amount_after,
        cells.volume as volume_before,
        cast(0 as decimal(38, 4)) as volume_after
    from leads
    inner join cells
        on
            leads.kpi_id = cells.kpi_id
            and leads.period_grain = cells.period_grain
            and leads.compared_start_date = cells.period_start_date
            and leads.member = {{ member_of('leads.dimension', 'cells') }}

),

by_second as (

    select
        {{ lead_key }},
        {{ lead_facts }},
        case
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            else 'priority'
        end as second_dimension,
        coalesce(site_id, product_family, channel, priority) as second_member,
        sum(amount_before) as amount_before,
        sum(amount_after) as amount_after,
        sum(volume_before) as volume_before,
        sum(volume_after) as volume_after
    from sides
    group by grouping sets (  -- noqa: PRS
        ({{ lead_key }}, {{ lead_facts }}, site_id),
        ({{ lead_key }}, {{ lead_facts }}, product_family),
        ({{ lead_key }}, {{ lead_facts }}, channel),
        ({{ lead_key }}, {{ lead_facts }}, priority)
    )

),

-- Of a total a part is measured by its amount, of everything else by its volume.
sized as (

    select
        by_second.*,
        cast(
            case
                when by_second.kind = 'total' then by_second.amount_before
                else by_second.volume_before
            end as double
        ) as size_before,
        cast(
            case
                when by_second.kind = 'total' then by_second.amount_after
                else by_second.volume_after
            end as double
        ) as size_after,
        cast(
            case when by_second.kind = 'total' then earlier.amount else earlier.volume end as double
        ) as whole_before,
        cast(
            case when by_second.kind = 'total' then later.amount else later.volume end as double
        ) as whole_after
    from by_second
    left join wholes as earlier
        on
            by_second.kpi_id = earlier.kpi_id
            and by_second.period_grain = earlier.period_grain
            and by_second.compared_start_date = earlier.period_start_date
    left join wholes as later
        on
            by_second.kpi_id = later.kpi_id
            and by_second.period_grain = later.period_grain
            and by_second.period_start_date = later.period_start_date
    where
        by_second.second_dimension <> by_second.dimension
        and by_second.segments like '% ' || by_second.second_dimension || ' %'

),

rated as (

    select
        *,
        size_before / nullif(whole_before, 0) as share_before,
        size_after / nullif(whole_after, 0) as share_after,
        size_before / nullif(cast(sum(
            case when kind = 'total' then amount_before else volume_before end
        ) over parts_of as double), 0) as part_before,
        size_after / nullif(cast(sum(
            case when kind = 'total' then amount_after else volume_after end
        ) over parts_of as double), 0) as part_after,
        count(*) over parts_of as part_count,
        {{ comparable_rate('amount_before', 'volume_before', 'amount_after', 'volume_after') }}
            as rate_before,
        {{ comparable_rate('amount_after', 'volume_after', 'amount_before', 'volume_before') }}
            as rate_after
    from sized
    window parts_of as (partition by {{ lead_key }}, second_dimension)

),

-- Shares are of the whole company, and the reference is that of the first split: so the parts of
-- a member make exactly what the member makes.
split as (

    select
        *,
        case
            when kind <> 'total'
                then
                    factor * coalesce(
                        {{ mix_effect(
                            'share_before', 'share_after', 'rate_before', 'rate_after',
                            'reference_rate', 'reference_rate'
                        ) }}, 0
                    )
        end as mix_effect,
        case
            when kind <> 'total'
                then
                    factor * (
                        coalesce(
                            {{ rate_effect(
                                'share_before', 'share_after', 'rate_before', 'rate_after'
                            ) }}, 0
                        )
                        + case
                            when volume_after = 0 then cast(amount_after as double) / whole_after
                            else 0
                        end
                        - case
                            when volume_before = 0 then cast(amount_before as double) / whole_before
                            else 0
                        end
                    )
        end as rate_effect
    from rated

),

added as (

    select
        *,
        case
            when kind = 'total' then cast(amount_after - amount_before as double)
            else mix_effect + rate_effect
        end as effect
    from split

),

-- Were all parts of the member to change alike, each would have its share of what the member
-- makes of the change; where the member has no volume at all, each the same.
owned as (

    select
        *,
        effect - lead_effect * coalesce(
            (coalesce(part_before, part_after) + coalesce(part_after, part_before)) / 2,
            1 / cast(part_count as double)
        ) as own_effect
    from added

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ lead_key }}
            order by own_effect * sign(lead_effect) desc, second_dimension asc, second_member asc
        ) as cause_rank
    from owned

)

select
    kpi_id,
    period_grain,
    period_start_date,
    comparison,
    dimension,
    member,
    second_dimension,
    second_member,
    case
        when kind = 'total' then 'total'
        when mix_effect * sign(effect) > rate_effect * sign(effect) then 'mix'
        else 'rate'
    end as driver,
    case
        when kind <> 'total' and volume_before <> 0
            then factor * cast(amount_before as double) / cast(volume_before as double)
        when kind = 'total' then cast(amount_before as double)
    end as previous_value,
    case
        when kind <> 'total' and volume_after <> 0
            then factor * cast(amount_after as double) / cast(volume_after as double)
        when kind = 'total' then cast(amount_after as double)
    end as value,
    share_before as previous_weight,
    share_after as weight,
    mix_effect,
    rate_effect,
    effect,
    own_effect,
    cast(cause_rank as bigint) as cause_rank,
    cause_rank = 1 and own_effect * sign(lead_effect) >= 0.25 * abs(lead_effect) as is_main_cause,
    is_complete
from ranked
