"""The SQL by which two attached versions, `old` and `new`, are compared. Values are parameters."""

from __future__ import annotations

KEY = ("kpi_id", "period_grain", "segment", "site_id", "region", "product_family", "channel", "priority")

PUBLISHED = """
create or replace table build.meta.restated_from (build_id varchar not null);
create or replace table build.meta.restatements (
    from_build_id varchar not null, kpi_id varchar not null, period_grain varchar not null,
    period_start_date date not null, segment varchar not null, site_id varchar not null, region varchar not null,
    product_family varchar not null, channel varchar not null, priority varchar not null, old_value double,
    new_value double, change double, old_target double, new_target double, cause varchar not null,
    evidence varchar not null, importance bigint not null
);
create or replace table build.meta.restatement_counts (
    from_build_id varchar not null, kpi_id varchar not null, cause varchar not null, row_count bigint not null
);
"""

EMPTY = """
create or replace temp table restatements (
    kpi_id varchar, period_grain varchar, period_start_date date, segment varchar, site_id varchar, region varchar,
    product_family varchar, channel varchar, priority varchar, old_value double, new_value double, change double,
    old_target double, new_target double, cause varchar, evidence varchar, importance bigint
);
create or replace temp table row_changes (
    change_id bigint, table_name varchar, cause varchar, months date[], site_ids varchar[], product_families varchar[],
    channels varchar[], priorities varchar[]
);
create or replace temp table slice_changes (
    schema_name varchar, table_name varchar, from_date date, is_open_ended boolean, cause varchar
);
create or replace temp table lineage (kpi_id varchar, schema_name varchar, table_name varchar, is_direct boolean);
create or replace temp table definition_changes (kpi_id varchar, what varchar);
create or replace temp table regions (site_id varchar, region varchar);
"""

# The period over all time begins with the first day that is known: it is one period, whatever that day.
RESTATED = f"""
create or replace temp table restated as
with
old_cells as (
    select *, if(period_grain = 'all', date '0001-01-01', period_start_date) as period_key from old.marts.kpi_values
),
new_cells as (
    select *, if(period_grain = 'all', date '0001-01-01', period_start_date) as period_key from new.marts.kpi_values
),
periods as (
    select distinct period_grain, period_key from old_cells
    intersect
    select distinct period_grain, period_key from new_cells
)
select
    {", ".join(f"coalesce(n.{column}, o.{column}) as {column}" for column in KEY)},
    periods.period_key,
    coalesce(n.period_start_date, o.period_start_date) as period_start_date,
    coalesce(n.period_end_date, o.period_end_date) as period_end_date,
    o.value as old_value,
    n.value as new_value,
    n.value - o.value as change,
    o.target as old_target,
    n.target as new_target,
    o.kpi_id is not null and n.kpi_id is not null and (
        o.definition_version is distinct from n.definition_version or o.unit is distinct from n.unit
        or o.target is distinct from n.target
    ) as is_redefined,
    coalesce(o.is_complete, n.is_complete) as was_complete,
    coalesce(o.period_end_date <> n.period_end_date, false) as has_end_moved,
    coalesce(o.immature_count, 0) + coalesce(n.immature_count, 0) + coalesce(o.censored_count, 0)
    + coalesce(n.censored_count, 0) > 0 as was_undecided,
    {" || '|' || ".join(f"coalesce(n.{column}, o.{column})" for column in KEY[3:])} as segment_key
from old_cells as o
full join new_cells as n on {" and ".join(f"o.{column} = n.{column}" for column in KEY)} and o.period_key = n.period_key
inner join periods
    on coalesce(n.period_grain, o.period_grain) = periods.period_grain
    and coalesce(n.period_key, o.period_key) = periods.period_key
where o.value is distinct from n.value or (
    o.value is not null and n.value is not null and (
        o.definition_version is distinct from n.definition_version or o.target is distinct from n.target
    )
)
"""  # noqa: S608 - our own column names

# Where each change is seen: in every period that a day of the row lies in, and in every segment that the row says it
# belongs to. A mart without, say, a channel may be seen in any channel: its segment_key is null.
TOUCHED = """
create or replace temp table touched as
with
monthly as (
    select distinct table_name, 'marts' as schema_name, cause, unnest(months) as month, site_ids, product_families,
        channels, priorities
    from row_changes
    union all
    select table_name, schema_name, cause, from_date, null, null, null, null from slice_changes
    where schema_name = 'raw' and from_date is not null
),
periodic as (
    select distinct schema_name, table_name, cause, site_ids, product_families, channels, priorities, grain as
        period_grain, if(grain = 'all', date '0001-01-01', cast(date_trunc(grain_of, month) as date)) as period_key
    from monthly cross join (
        values ('month', 'month'), ('quarter', 'quarter'), ('year', 'year'), ('all', 'year')
    ) as grains (grain, grain_of)
),
sited as (
    select *, unnest(site_ids) as site_id from periodic where site_ids is not null
),
segmented as (
    select schema_name, table_name, cause, period_grain, period_key, 'all' as segment, 'all|all|all|all|all' as
        segment_key from periodic
    union all select schema_name, table_name, cause, period_grain, period_key, 'site',
        site_id || '|all|all|all|all' from sited
    union all select schema_name, table_name, cause, period_grain, period_key, 'region',
        'all|' || coalesce(regions.region, 'unknown') || '|all|all|all' from sited left join regions using (site_id)
    union all select schema_name, table_name, cause, period_grain, period_key, 'product_family',
        'all|all|' || unnest(product_families) || '|all|all' from periodic
    union all select schema_name, table_name, cause, period_grain, period_key, 'site_and_product_family',
        site_id || '|all|' || unnest(product_families) || '|all|all' from sited
    union all select schema_name, table_name, cause, period_grain, period_key, 'channel',
        'all|all|all|' || unnest(channels) || '|all' from periodic
    union all select schema_name, table_name, cause, period_grain, period_key, 'priority',
        'all|all|all|all|' || unnest(priorities) from periodic
    union all select schema_name, table_name, cause, period_grain, period_key, unnest(['site', 'region']), null
        from periodic where site_ids is null
    union all select schema_name, table_name, cause, period_grain, period_key, 'product_family', null
        from periodic where product_families is null
    union all select schema_name, table_name, cause, period_grain, period_key, 'site_and_product_family', null
        from periodic where site_ids is null or product_families is null
    union all select schema_name, table_name, cause, period_grain, period_key, 'channel', null
        from periodic where channels is null
    union all select schema_name, table_name, cause, period_grain, period_key, 'priority', null
        from periodic where priorities is null
)
select distinct * from segmented
"""

# Lists of tables by the cause that their changed rows speak for.
_BY_CAUSE = ", ".join(
    f"list(distinct table_name) filter (cause = '{cause}') as {name}"
    for cause, name in (("late_data", "late"), ("correction", "corrected"), ("maturity", "matured"))
)

CAUSES = f"""
insert into restatements
with
touching as materialized (
    select lineage.kpi_id, lineage.is_direct, touched.* exclude (schema_name)
    from touched inner join lineage using (schema_name, table_name)
    where lineage.kpi_id in (select kpi_id from restated)
),
here as (
    select kpi_id, period_grain, period_key, segment, segment_key, {_BY_CAUSE}
    from touching where is_direct group by all
),
same_segment as (
    select kpi_id, segment, segment_key, {_BY_CAUSE} from touching group by all
),
same_period as (
    select kpi_id, period_grain, period_key, {_BY_CAUSE} from touching group by all
),
undated as (
    select kpi_id, {_BY_CAUSE} from slice_changes inner join lineage using (schema_name, table_name)
    where from_date is null group by all
),
policies as (
    select restated.kpi_id, restated.period_grain, restated.period_key,
        list(distinct slice_changes.table_name) filter (lineage.is_direct) as direct,
        list(distinct slice_changes.table_name) filter (not lineage.is_direct) as indirect
    from (
        select distinct kpi_id, period_grain, period_key, period_start_date, period_end_date from restated
    ) as restated
    inner join lineage using (kpi_id)
    inner join slice_changes using (schema_name, table_name)
    where slice_changes.cause = 'definition' and (
        slice_changes.from_date is null
        or slice_changes.from_date <= restated.period_end_date and (
            slice_changes.is_open_ended or restated.period_grain = 'all'
            or last_day(slice_changes.from_date) >= restated.period_start_date
        )
    )
    group by all
),
definitions as (
    select kpi_id, list(distinct what) as what from definition_changes group by kpi_id
),
found as (
    select
        restated.*,
        list_distinct(list_concat(exact.late, wide.late)) as late,
        list_distinct(list_concat(exact.corrected, wide.corrected)) as corrected,
        list_distinct(list_concat(exact.matured, wide.matured)) as matured,
        list_distinct(list_concat(near.late, near_wide.late, then_.late, undated.late)) as late_near,
        list_distinct(list_concat(near.corrected, near_wide.corrected, then_.corrected, undated.corrected))
            as corrected_near,
        list_distinct(list_concat(near.matured, near_wide.matured, then_.matured, undated.matured)) as matured_near,
        list_concat(if(restated.is_redefined, ['kpi_registry'], []), policies.direct) as redefined,
        list_concat(definitions.what, policies.indirect) as redefined_indirectly
    from restated
    left join here as exact using (kpi_id, period_grain, period_key, segment, segment_key)
    left join here as wide
        on wide.segment_key is null and restated.kpi_id = wide.kpi_id and restated.period_grain = wide.period_grain
        and restated.period_key = wide.period_key and restated.segment = wide.segment
    left join same_segment as near
        on restated.kpi_id = near.kpi_id and restated.segment = near.segment
        and restated.segment_key = near.segment_key
    left join same_segment as near_wide
        on near_wide.segment_key is null and restated.kpi_id = near_wide.kpi_id
        and restated.segment = near_wide.segment
    left join same_period as then_
        on restated.kpi_id = then_.kpi_id and restated.period_grain = then_.period_grain
        and restated.period_key = then_.period_key
    left join undated on restated.kpi_id = undated.kpi_id
    left join policies
        on restated.kpi_id = policies.kpi_id and restated.period_grain = policies.period_grain
        and restated.period_key = policies.period_key
    left join definitions on restated.kpi_id = definitions.kpi_id
),
explained as (
    select
        *,
        coalesce(len(redefined), 0) + coalesce(len(late), 0) + coalesce(len(corrected), 0) = 0 as is_unseen_here,
        case
            when len(redefined) > 0 then 'definition'
            when $moved and (not was_complete or has_end_moved) then 'maturity'
            when len(late) > 0 then 'late_data'
            when len(corrected) > 0 then 'correction'
            when $moved and (was_undecided or len(matured) > 0) then 'maturity'
            when len(redefined_indirectly) > 0 then 'definition'
            when len(late_near) > 0 then 'late_data'
            when len(corrected_near) > 0 then 'correction'
            when $profile then 'definition'
            when $moved and len(matured_near) > 0 then 'maturity'
            else 'unexplained'
        end as cause,
        concat_ws('; ',
            if(len(redefined) > 0, 'definition: ' || array_to_string(list_sort(redefined), ', '), null),
            if(len(late) > 0, 'late_data: ' || array_to_string(list_sort(late), ', '), null),
            if(len(corrected) > 0, 'correction: ' || array_to_string(list_sort(corrected), ', '), null),
            if(
                $moved and (not was_complete or has_end_moved or was_undecided or len(matured) > 0),
                'maturity: ' || if(
                    not was_complete or has_end_moved, 'the period was not finished',
                    if(len(matured) > 0, array_to_string(list_sort(matured), ', '), 'cases were undecided')
                ),
                null
            ),
            if(
                len(redefined_indirectly) > 0,
                'definition, indirect: ' || array_to_string(list_sort(list_distinct(redefined_indirectly)), ', '),
                null
            ),
            if(
                is_unseen_here and len(late_near) > 0,
                'late_data, indirect: ' || array_to_string(list_sort(late_near), ', '),
                null
            ),
            if(
                is_unseen_here and len(corrected_near) > 0,
                'correction, indirect: ' || array_to_string(list_sort(corrected_near), ', '),
                null
            ),
            if(is_unseen_here and $profile, 'the profile changed', null)
        ) as evidence
    from found
)
select
    kpi_id, period_grain, period_start_date, segment, site_id, region, product_family, channel, priority,
    old_value, new_value, change, old_target, new_target, cause, evidence,
    row_number() over (
        order by cause <> 'unexplained', not was_complete, segment <> 'all',
            abs(change) / nullif(greatest(abs(old_value), abs(new_value)), 0) desc nulls last,
            {", ".join(KEY)}, period_key
    )
from explained
"""  # noqa: S608 - our own column names
