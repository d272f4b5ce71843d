"""Which columns a number depends on, on models written by hand."""

from __future__ import annotations

from orchestration.versions.column_lineage import ColumnLineage, Models
from orchestration.versions.selects import ROWS, Relation

SHAPES = {
    "ingest": {
        "raw": {
            "tickets": {
                "ticket_id": "varchar",
                "site_id": "varchar",
                "created_at": "timestamp",
                "closed_at": "timestamp",
            },
            "parts": {"part_id": "varchar", "ticket_id": "varchar", "price": "double", "kind": "varchar"},
            "sites": {"site_id": "varchar", "region": "varchar"},
        }
    }
}
KEYS: dict[Relation, list[frozenset[str]]] = {
    ("raw", "tickets"): [frozenset({"ticket_id"})],
    ("raw", "parts"): [frozenset({"part_id"})],
    ("raw", "sites"): [frozenset({"site_id"})],
}
VALUES: Relation = ("marts", "kpi_values")


def inputs(kpi: str, *models: str, further: str | None = None) -> set[str]:
    """The raw columns behind the value of `kpi`; the last model is kpi_values, those before are named m1, m2, …"""
    names = [("m", f"m{number}") for number in range(1, len(models))]
    lineage = ColumnLineage(Models(dict(zip([*names, VALUES], models, strict=True)), SHAPES, KEYS))
    assert lineage.unread == []
    found = lineage.inputs(VALUES, ["value"], kpi, [further] if further else [])[further]
    return {f"{table}.{column}" for (schema, table), column in found if schema == "raw" and column != ROWS}


def test_a_branch_of_another_kpi_is_left_out() -> None:
    sql = """
        select 'cost' as kpi_id, sum(price) as value from ingest.raw.parts
        union all
        select 'tickets' as kpi_id, count(*) as value from ingest.raw.tickets where created_at is not null
    """
    assert inputs("cost", sql) == {"parts.price"}
    assert inputs("tickets", sql) == {"tickets.created_at"}


def test_a_kpi_is_followed_through_names_and_stars() -> None:
    items = """
        with priced as (select *, price * 2 as doubled from ingest.raw.parts)
        select 'cost' as kpi_id, doubled as numerator, kind as channel from priced
        union all
        select 'other' as kpi_id, 1 as numerator, site_id as channel from ingest.raw.tickets
    """
    values = "select kpi_id, sum(numerator) as value from m.m1 group by kpi_id"
    shapes = SHAPES | {"build": {"m": {"m1": {"kpi_id": "varchar", "numerator": "double", "channel": "varchar"}}}}
    lineage = ColumnLineage(Models({("m", "m1"): items, VALUES: values}, shapes, KEYS))
    found = lineage.inputs(VALUES, ["value"], "cost", [])[None]
    assert {column for relation, column in found if relation == ("raw", "parts")} == {ROWS, "price"}
    assert not [column for relation, column in found if relation == ("raw", "tickets")]


def test_filters_joins_and_groupings_decide() -> None:
    sql = """
        with busy as (
            select ticket_id, count(*) as part_count from ingest.raw.parts where kind = 'repair' group by ticket_id
        )
        select 'k' as kpi_id, count(*) as value
        from ingest.raw.tickets as tickets inner join busy on tickets.ticket_id = busy.ticket_id
        where busy.part_count > 2
    """
    assert inputs("k", sql) == {"tickets.ticket_id", "parts.ticket_id", "parts.kind"}


def test_a_left_join_that_keeps_the_rows_matters_only_to_what_it_gives() -> None:
    sql = """
        select 'k' as kpi_id, count(*) filter (where tickets.closed_at is null) as value, max(sites.region) as region
        from ingest.raw.tickets as tickets left join ingest.raw.sites as sites on tickets.site_id = sites.site_id
    """
    assert inputs("k", sql) == {"tickets.closed_at"}
    assert inputs("k", sql, further="region") == {"tickets.site_id", "sites.region", "sites.site_id"}


def test_a_left_join_that_may_find_several_rows_decides() -> None:
    sql = """
        select 'k' as kpi_id, count(*) as value
        from ingest.raw.tickets as tickets left join ingest.raw.parts as parts on tickets.ticket_id = parts.ticket_id
    """
    assert inputs("k", sql) == {"tickets.ticket_id", "parts.ticket_id"}


def test_a_join_on_a_constant_leaves_the_other_half_of_a_union_out() -> None:
    sql = """
        with measures as (
            select 'fast' as kpi_id, 'closing' as metric union all select 'cheap' as kpi_id, 'price' as metric
        ),
        facts as (
            select 'closing' as metric, epoch(closed_at) as amount from ingest.raw.tickets
            union all
            select 'price' as metric, price as amount from ingest.raw.parts
        )
        select measures.kpi_id, sum(facts.amount) as value
        from facts inner join measures on facts.metric = measures.metric group by measures.kpi_id
    """
    assert inputs("fast", sql) == {"tickets.closed_at"}
    assert inputs("cheap", sql) == {"parts.price"}


def test_a_row_numbered_beside_others_depends_on_them() -> None:
    sql = """
        with facts as (
            select 'closing' as metric, site_id as place from ingest.raw.tickets
            union all
            select 'price' as metric, kind as place from ingest.raw.parts
        ),
        numbered as (select metric, place, row_number() over (order by place) as position from facts)
        select 'k' as kpi_id, max(position) as value from numbered where metric = 'closing'
    """
    assert inputs("k", sql) == {"tickets.site_id", "parts.kind"}
    beside = sql.replace("over (order by", "over (partition by metric order by")
    assert inputs("k", beside) == {"tickets.site_id"}


def test_what_splits_a_kpi_into_segments_decides_nothing_of_all_of_them() -> None:
    sql = """
        select 'k' as kpi_id, site_id, count(*) as value from ingest.raw.tickets
        where created_at is not null group by site_id
    """
    assert inputs("k", sql) == {"tickets.created_at"}
    assert inputs("k", sql, further="site_id") == {"tickets.site_id"}


def test_a_subquery_counts_with_what_it_is_correlated_with() -> None:
    sql = """
        select 'k' as kpi_id, count(*) as value from ingest.raw.tickets as tickets
        where exists (select 1 from ingest.raw.parts as parts where parts.part_id = tickets.site_id and price > 3)
    """
    assert inputs("k", sql) == {"tickets.site_id", "parts.part_id", "parts.price"}


def test_what_cannot_be_read_depends_on_all_that_it_reads() -> None:
    models = {VALUES: "select from where"}
    lineage = ColumnLineage(Models(models, SHAPES, KEYS, parents={VALUES: [("raw", "parts")]}))
    assert lineage.unread == [VALUES]
    found = lineage.inputs(VALUES, ["value"], "k", [])[None]
    assert {column for relation, column in found if relation == ("raw", "parts")} == {
        ROWS, "part_id", "ticket_id", "price", "kind",
    }  # fmt: skip


def test_a_dimension_tells_only_what_the_feed_of_its_members_tells() -> None:
    models = {
        ("marts", "dim_sites"): """
            select coalesce(sites.site_id, tickets.site_id) as site_id, sites.region
            from ingest.raw.sites as sites full join ingest.raw.tickets as tickets on sites.site_id = tickets.site_id
        """,
        VALUES: "select 'k' as kpi_id, count(*) as value from build.marts.dim_sites where region = 'east'",
    }
    shapes = SHAPES | {"build": {"marts": {"dim_sites": {"site_id": "varchar", "region": "varchar"}}}}
    lineage = ColumnLineage(Models(models, shapes, KEYS, {("marts", "dim_sites"): frozenset({("raw", "sites")})}))
    found = lineage.inputs(VALUES, ["value"], "k", [])[None]
    assert {relation for relation, _ in found} == {VALUES, ("marts", "dim_sites"), ("raw", "sites")}
