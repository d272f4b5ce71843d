"""A desk whose customers come from a real HTTP service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration.extract.connectors.delivery import CursorState, Delivery, Request, Window
from orchestration.extract.connectors.rest import RestConnector
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import RestSource
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.http_service import HttpService

HEAD = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: Asia/Shanghai
currency: CNY
sources:
  shop:
    connector: rest
    url: "${SERVICE}/api"
    wait_seconds: 0.01
    timeout_seconds: 0.5
"""

FEEDS = """\
feeds:
  customers:
    - source: shop
      endpoint: clients
      records: data.items
      allowed_rejects: 1
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""

CURSOR = "cursor: {column: changed, parameter: since, until_parameter: until, lookback_days: 3}"

# How the profile names the ways in which the service pages.
PAGING: dict[str, dict[str, Any]] = {
    "none": {"kind": "none"},
    "page": {"kind": "page"},
    "offset": {"kind": "offset", "size": 2},
    "cursor": {"kind": "cursor", "next": "meta.next"},
    "link_header": {"kind": "link_header"},
    "next_url": {"kind": "next_url", "next": "next"},
}


def rest_desk(desk: Desk, service: HttpService, *source: str, binding: str = "", feeds: str = FEEDS) -> Desk:
    """Let `desk` take its customers from `service`; `source` and `binding` are more lines of its profile."""
    desk.environment = {"SERVICE": service.root}
    desk.head = HEAD + "".join(f"    {line}\n" for line in source)
    desk.feeds = feeds.replace("      columns:", f"      {binding}\n      columns:") if binding else feeds
    return desk


def paged(desk: Desk, service: HttpService, kind: str, *source: str, binding: str = "") -> Desk:
    """Let `service` page in one way, and `desk` know it."""
    service.paging = kind
    return rest_desk(desk, service, f"paginate: {json.dumps(PAGING[kind])}", *source, binding=binding)


def clients(count: int, *, first: int = 1, changed: str = "2026-01-01") -> list[dict[str, Any]]:
    """Make customers with ids from `first` on."""
    return [{"id": f"c{number}", "name": f"n{number}", "changed": changed} for number in range(first, first + count)]


def ids(desk: Desk) -> list[str]:
    """The customers that are landed, in order of delivery."""
    return [row[0] for row in desk.query("select customer_id from raw.customers order by _line, 1")]


@dataclass(frozen=True)
class Brought:
    """What the connector brought: its delivery, and the records in their order."""

    delivery: Delivery
    records: list[dict[str, Any]]

    @property
    def ids(self) -> list[str]:
        """The ids in order of delivery."""
        return [record["id"] for record in self.records]


def deliver(
    service: HttpService,
    *,
    told: list[str] | None = None,
    limit_rows: int | None = None,
    cursors: Sequence[CursorState] = (),
    **source: object,
) -> Brought:
    """Bring the clients of `service` without landing them, to a company in Shanghai.

    `source` is what the profile says more of the service; `binding` among it, of the binding. `told` takes progress.
    """
    said: Any = {"wait_seconds": 0.01, "timeout_seconds": 0.5, **source}
    binding = Binding.model_validate(
        {"source": "shop", "endpoint": "clients", "records": "data.items", **said.pop("binding", {})}
    )
    rest = RestSource.model_validate({"name": "shop", "connector": "rest", "url": service.url, **said})
    with duckdb.connect() as con, TemporaryDirectory() as scratch:
        con.execute("set TimeZone = 'UTC'")
        request = Request(
            feed="customers",
            bindings=(binding,),
            fingerprints=("f",),
            zone="Asia/Shanghai",
            landed_at=datetime(2026, 7, 1, tzinfo=UTC),
            scratch=Path(scratch),
            cursors={state.fingerprint: state for state in cursors},
            progress=(told if told is not None else []).append,
            limit_rows=limit_rows,
        )
        delivery = RestConnector(rest).deliver(con, request)
        records = []
        for part in delivery.parts:
            rows = con.execute(f"select * from {part.relation} order by _row")
            names = [column[0] for column in rows.description or ()]
            records += [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return Brought(delivery, records)


def land_window(desk: Desk, start: datetime, end: datetime) -> FeedResult:
    """Land a window of the customers' history again."""
    feed = read_contract()["customers"]
    prepare_ingest(desk.ingest_file, {"customers": feed})
    return land_feed(
        desk.ingest_file,
        feed,
        desk.profile,
        batch_id=f"window {start}",
        landed_at=datetime(2026, 7, 1, tzinfo=UTC),
        log=lambda _: None,
        window=Window(start, end),
    )
