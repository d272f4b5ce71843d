"""What each KPI is made of, written into the build file so that published versions can be compared without the code.

The tables come from dbt's manifest, and which KPI a model computes from the model's own rows: the registry's
required_feeds say what a company must have for a KPI, which is less than what its number depends on.

meta.kpi_lineage     KPI × table: the marts, feeds and policy tables its value depends on. Direct ones are those that
                     its items read; a mart that is computed from others stands for the feeds behind it.
meta.kpi_models      KPI: a hash of the models and macros that compute it.
meta.record_columns  the marts that keep every row of a feed, with the columns that are as the feed delivered them.
meta.input_slices    feed without such a mart × month, policy table × first day of validity: rows and content hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, insert_rows, quote_identifier, scratch_of
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.versions.remembered import code_hash, remembered

_TABLES = """
create or replace table build.meta.kpi_lineage (
    kpi_id varchar not null, schema_name varchar not null, table_name varchar not null, is_direct boolean not null
);
create or replace table build.meta.kpi_models (kpi_id varchar not null, models_hash varchar not null);
create or replace table build.meta.record_columns (
    table_name varchar not null, feed varchar not null, column_name varchar not null,
    is_key boolean not null, is_event boolean not null, is_settling boolean not null
);
create or replace table build.meta.input_slices (
    schema_name varchar not null, table_name varchar not null, from_date date, is_open_ended boolean not null,
    row_count bigint not null, content_hash varchar not null
);
"""

# Its changes are seen in the KPI's own rows: another KPI's target is none of this one's business.
_REGISTRY = ("policy", "kpi_registry")


@dataclass(frozen=True)
class Record:
    """A mart that keeps every row of a feed: `delivered` are the columns that the feed has too."""

    table: str
    feed: str
    key: tuple[str, ...]
    event: str
    settling: tuple[str, ...]
    delivered: tuple[str, ...]


@dataclass
class _Reached:
    """Tables that a KPI depends on, as (schema, name); and the models on the way."""

    direct: set[tuple[str, str]] = field(default_factory=set)
    indirect: set[tuple[str, str]] = field(default_factory=set)
    models: set[str] = field(default_factory=set)


def write_lineage(
    build_file: Path,
    ingest_file: Path,
    manifest: Mapping[str, Any],
    contract: Mapping[str, Feed],
    settings_hash: str,
    memory: Path,
) -> None:
    """Write the four tables into `build_file`, which must be closed and whose models must be built.

    settings_hash: a hash of what else decides the models, such as dbt_project.yml. memory: a folder in which is kept
    which KPIs each view names, for that is worked out from all their rows.
    """
    records = read_records(manifest)
    with connect() as con:
        attach(con, build_file, "build")
        attach(con, scratch_of(build_file), "scratch", read_only=True)
        attach(con, ingest_file, "ingest", read_only=True)
        con.begin()
        con.execute(_TABLES)
        named = _named_kpis(con, manifest, settings_hash, memory)
        lineage: list[tuple[object, ...]] = []
        models: list[tuple[object, ...]] = []
        for kpi, (chain, starts) in sorted(_kpi_models(manifest, named).items()):
            reached = _reach(manifest, starts, records)
            tables = (reached.direct | reached.indirect) - {_REGISTRY}
            lineage += [(kpi, *table, table in reached.direct) for table in sorted(tables)]
            models.append((kpi, _hash_models(manifest, chain | reached.models, settings_hash)))
        insert_rows(con, "build.meta.kpi_lineage", lineage)
        insert_rows(con, "build.meta.kpi_models", models)
        columns = [
            (each.table, each.feed, name, name in each.key, name == each.event, name in each.settling)
            for each in records.values()
            for name in each.delivered
        ]
        insert_rows(con, "build.meta.record_columns", columns)
        recorded = {record.feed for record in records.values()}
        for feed in contract.values():
            if feed.schema == "policy" or feed.name not in recorded:
                _write_slices(con, feed)
        con.commit()


def read_records(manifest: Mapping[str, Any]) -> dict[str, Record]:
    """The marts that are tested to keep every row of a feed, by the feed's id in the manifest.

    The test keeps_every_row names the feed and the instant by which a row was seen; `settled_by` in the model's meta
    names the instants after which a row is not expected to change, by default the one by which it was seen.
    """
    sources = {(s["source_name"], s["name"]): s for s in manifest["sources"].values()}
    records = {}
    for node in manifest["nodes"].values():
        metadata = node.get("test_metadata") or {}
        if metadata.get("name") != "keeps_every_row":
            continue
        model = manifest["nodes"][node["attached_node"]]
        source = next(
            sources[manifest["sources"][parent]["source_name"], manifest["sources"][parent]["name"]]
            for parent in manifest["parent_map"][node["unique_id"]]
            if parent in manifest["sources"]
        )
        meta = model["config"]["meta"]
        event = metadata["kwargs"]["seen_at"]
        key = tuple(meta["key"])
        delivered = tuple(c for c in model["columns"] if c in source["columns"] or c in key)
        records[source["unique_id"]] = Record(
            model["name"], source["name"], key, event, tuple(meta.get("settled_by", [event])), delivered
        )
    return records


def _kpi_models(manifest: Mapping[str, Any], named: Mapping[str, set[str]]) -> dict[str, tuple[set[str], set[str]]]:
    """For every KPI of kpi_values: the models that name it on its way there, and what they read that names no KPI.
    `named` are the KPIs of each model."""
    target = _kpi_values(manifest)
    walked: set[str] = set()
    pending = [target]
    while pending:
        key = pending.pop()
        if key not in walked and named.get(key):
            walked.add(key)
            pending += manifest["parent_map"][key]
    found = {}
    for kpi in named[target]:
        chain = {key for key in walked if kpi in named[key]}
        read = {parent for key in chain for parent in manifest["parent_map"][key]}
        found[kpi] = chain, {key for key in read if not named.get(key)}
    return found


def _kpi_values(manifest: Mapping[str, Any]) -> str:
    (target,) = (
        key
        for key, node in manifest["nodes"].items()
        if node["name"] == "kpi_values" and node["resource_type"] == "model"
    )
    return str(target)


def _named_kpis(
    con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], settings_hash: str, memory: Path
) -> dict[str, set[str]]:
    """The KPIs that each model upstream of kpi_values names, itself included; a model without column kpi_id names none.

    A view tells it by all the rows that it makes. It is asked again when its SQL or that of the models before it
    changes, a feed has rows for the first time, or the tables beside it name other KPIs.
    """
    nodes, target = manifest["nodes"], _kpi_values(manifest)
    with_kpis = dict(
        con.execute(
            "select schema_name || '.' || table_name, table_name in (select table_name from duckdb_tables()) "
            "from duckdb_columns() where database_name in ('build', 'scratch') and column_name = 'kpi_id'"
        ).fetchall()
    )
    behind = {target}
    pending = [target]
    while pending:
        new = set(manifest["parent_map"].get(pending.pop(), ())) - behind
        behind |= new
        pending += new
    models = {
        key: with_kpis[f"{nodes[key]['schema']}.{nodes[key]['name']}"]
        for key in sorted(behind)
        if key in nodes and f"{nodes[key]['schema']}.{nodes[key]['name']}" in with_kpis
    }
    named = {key: _kpis_of(con, nodes[key]) for key, is_table in models.items() if is_table}
    rows = remembered(
        memory,
        "kpis_of_views",
        [
            code_hash(Path(__file__)),
            _hash_models(manifest, {key for key in behind if key in nodes}, settings_hash),
            {key: sorted(kpis) for key, kpis in named.items()},
            con.execute("select feed, is_connected, row_count > 0 from build.meta.feeds order by all").fetchall(),
        ],
        lambda: [
            [key, kpi] for key, is_table in models.items() if not is_table for kpi in sorted(_kpis_of(con, nodes[key]))
        ],
    )
    for key, kpi in rows:
        named.setdefault(str(key), set()).add(str(kpi))
    return named


def _kpis_of(con: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> set[str]:
    table = ".".join(quote_identifier(node[part]) for part in ("database", "schema", "name"))
    return {kpi for (kpi,) in con.execute(f"select distinct kpi_id from {table}").fetchall()}  # noqa: S608


def _reach(manifest: Mapping[str, Any], starts: Iterable[str], records: Mapping[str, Record]) -> _Reached:
    """Walk upstream from `starts`. Behind a mart that keeps a feed's rows, tables are no longer direct."""
    reached = _Reached()
    record_marts = {record.table for record in records.values()}
    pending = [(key, True) for key in starts]
    seen: set[tuple[str, bool]] = set()
    while pending:
        key, is_direct = pending.pop()
        if (key, is_direct) in seen:
            continue
        seen.add((key, is_direct))
        tables = reached.direct if is_direct else reached.indirect
        if key in manifest["sources"]:
            source = manifest["sources"][key]
            if source["source_name"] != "build":
                record = records.get(key)
                tables.add(("marts", record.table) if record else (source["source_name"], source["name"]))
            continue
        node = manifest["nodes"][key]
        reached.models.add(key)
        if node["schema"] == "marts":
            tables.add(("marts", node["name"]))
            if node["fqn"][-2] == "dimensions":
                # It gathers what any feed mentions; what it says of its members comes from the feed of the same key.
                tables |= feeds_of_dimension(manifest, node)
                continue
        is_direct = is_direct and node["name"] not in record_marts
        pending += [(parent, is_direct) for parent in manifest["parent_map"][key]]
    return reached


def feeds_of_dimension(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The feeds and policy tables behind a dimension that tell of its members: those of the same key."""
    behind: set[str] = set()
    pending = [node["unique_id"]]
    while pending:
        parents = set(manifest["parent_map"].get(pending.pop(), ())) - behind
        behind |= parents
        pending += parents
    sources = [manifest["sources"][key] for key in behind if key in manifest["sources"]]
    return {
        (source["source_name"], source["name"])
        for source in sources
        if source["config"]["meta"].get("key") == node["config"]["meta"]["key"]
    }


def _hash_models(manifest: Mapping[str, Any], models: set[str], settings_hash: str) -> str:
    macros: set[str] = set()
    pending = [macro for model in models for macro in manifest["nodes"][model]["depends_on"]["macros"]]
    while pending:
        macro = pending.pop()
        if macro not in macros and macro in manifest["macros"]:
            macros.add(macro)
            pending += manifest["macros"][macro]["depends_on"]["macros"]
    digest = hashlib.sha256(settings_hash.encode())
    for model in sorted(models):
        digest.update(manifest["nodes"][model]["raw_code"].encode())
    for macro in sorted(macros):
        digest.update(manifest["macros"][macro]["macro_sql"].encode())
    return digest.hexdigest()


def _write_slices(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    day, is_open_ended = _slicing(feed)
    hashed = [
        column.name for column in feed.columns if column.pii != "direct" and not (is_open_ended and column.name == _END)
    ]
    if day is None:
        first_day = "null"
    else:
        first_day = quote_identifier(day) if is_open_ended else f"date_trunc('month', {quote_identifier(day)})"
    con.execute(
        "insert into build.meta.input_slices "  # noqa: S608 - the contract's own names
        f"select ?, ?, cast({first_day} as date), ?, count(*), "
        f"printf('%x', coalesce(sum(hash({', '.join(map(quote_identifier, hashed))})), 0)) "
        f"from ingest.{quote_identifier(feed.schema)}.{quote_identifier(feed.name)} group by 3",
        [feed.schema, feed.name, is_open_ended],
    )


_BEGIN, _END = "valid_from_date", "valid_to_date"


def _slicing(feed: Feed) -> tuple[str | None, bool]:
    """The column by which a table is sliced, and whether a slice holds from its day on; None where rows have no day."""
    names = [column.name for column in feed.columns]
    if feed.schema == "policy" and _BEGIN in names:
        return _BEGIN, True
    dated = [column.name for column in feed.columns if column.type == "date" and column.name in feed.key]
    dated += [column.name for column in feed.columns if column.type == "timestamp" and column.required]
    return (dated[0], False) if dated else (None, False)
