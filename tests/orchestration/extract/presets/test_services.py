"""A preset's rows are the same from the vendor's API, asked as the preset says, as from the sample file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.extract.contract import read_contract
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.http_service import Handler, HttpService, serve
from tests.orchestration.extract.presets.sampled import SAMPLES, SAMPLES_DIR, feed_of, feeds_of, land_sample

Record = dict[str, Any]

ACCOUNT = "AC00000000000000000000000000000001"


@dataclass(frozen=True)
class Cut:
    """The records of one page, the number of the first, that of the first of the next page, and where it was asked."""

    records: list[Record]
    first: int
    following: int | None
    host: str
    path: str


# A page as the vendor writes it: its body and its headers.
Page = Callable[[Cut], tuple[Any, dict[str, str]]]


@pytest.fixture
def service() -> Iterator[HttpService]:
    with serve() as running:
        yield running


def cursor_pages(name: str) -> Page:
    def page(cut: Cut) -> tuple[Any, dict[str, str]]:
        # The last page has a cursor too.
        cursors = {"after_cursor": str(cut.following or cut.first), "before_cursor": str(cut.first)}
        return {name: cut.records, "meta": {"has_more": cut.following is not None, **cursors}, "links": {}}, {}

    return page


def next_tokens(cut: Cut) -> tuple[Any, dict[str, str]]:
    token = {} if cut.following is None else {"nextPageToken": str(cut.following)}
    return {"issues": cut.records, "isLast": cut.following is None, **token}, {}


def next_links(cut: Cut) -> tuple[Any, dict[str, str]]:
    link = {} if cut.following is None else {"next": f"http://{cut.host}{cut.path}?from={cut.following}"}
    return {"data": cut.records, "per_page": 100, "links": {"self": "x", **link}}, {}


def relative_uris(cut: Cut) -> tuple[Any, dict[str, str]]:
    uri = None if cut.following is None else f"{cut.path}?from={cut.following}"
    return {"calls": cut.records, "page_size": 3, "uri": cut.path, "next_page_uri": uri}, {}


def link_headers(cut: Cut) -> tuple[Any, dict[str, str]]:
    link = f'<http://{cut.host}{cut.path}?from={cut.following}>; rel="next"'
    return cut.records, {} if cut.following is None else {"Link": link}


def offsets(cut: Cut) -> tuple[Any, dict[str, str]]:
    return {"result": cut.records}, {}


@pytest.mark.parametrize(
    ("preset", "path", "page", "begin", "said"),
    [
        ("freshdesk/tickets", "/api/v2/tickets", link_headers, "from", {"include": "stats", "per_page": "100"}),
        ("jira/issues", "/rest/api/3/search/jql", next_tokens, "nextPageToken", {"fields": "*all"}),
        (
            "servicenow/incidents",
            "/api/now/table/incident",
            offsets,
            "sysparm_offset",
            {"sysparm_limit": "1000", "sysparm_exclude_reference_link": "true"},
        ),
        (
            "servicenow/sys_audit",
            "/api/now/table/sys_audit",
            offsets,
            "sysparm_offset",
            {"sysparm_limit": "1000", "sysparm_query": "tablename=incident^ORDERBYsys_created_on"},
        ),
        ("surveymonkey/csat", "/v3/surveys/105723396/responses/bulk", next_links, "from", {"per_page": "100"}),
        ("surveymonkey/nps", "/v3/surveys/105723396/responses/bulk", next_links, "from", {"per_page": "100"}),
        ("twilio/calls", f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json", relative_uris, "from", {"PageSize": "1000"}),
        (
            "zendesk/metric_events",
            "/api/v2/incremental/ticket_metric_events",
            cursor_pages("ticket_metric_events"),
            "page[after]",
            {"page[size]": "100", "start_time": "0"},
        ),
        (
            "zendesk/satisfaction_ratings",
            "/api/v2/satisfaction_ratings",
            cursor_pages("satisfaction_ratings"),
            "page[after]",
            {"page[size]": "100"},
        ),
    ],
)
def test_the_same_rows_come_from_the_service(
    make_desk: Callable[[], Desk],
    service: HttpService,
    preset: str,
    path: str,
    page: Page,
    begin: str,
    said: dict[str, str],
) -> None:
    records = [json.loads(line) for line in read(SAMPLES_DIR / SAMPLES[preset].file)]

    def answer(handler: Handler) -> None:
        asked = handler.asked
        assert asked.path == path
        first = int(asked.params.get(begin, 0))
        last = first + 3
        following = last if last < len(records) else None
        body, headers = page(Cut(records[first:last], first, following, asked.headers["Host"], asked.path))
        handler.answer(200, json.dumps(body), **headers)

    service.always = answer
    asking, reading = make_desk(), make_desk()
    asking.environment = {"SERVICE": service.root}
    asking.head = reading.head.split("sources:")[0] + 'sources: {here: {connector: rest, url: "${SERVICE}"}}\nfeeds:\n'
    asking.feeds = feeds_of(preset, "source: here")
    feed = feed_of(preset)
    asking.land(feed)
    land_sample(reading, preset)

    columns = ", ".join(column.name for column in read_contract()[feed].columns)
    everything = f"select {columns} from raw.{feed} order by all"
    assert asking.query(everything) == reading.query(everything) != []
    refused = "select reasons from raw.rejects order by all"
    assert asking.query(refused) == reading.query(refused)
    assert said.items() <= service.asked[0].params.items()


def read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("preset", "parameter", "expected"),
    [
        ("freshdesk/tickets", "updated_since", "2026-07-07T00:00:00Z"),
        ("servicenow/incidents", "sysparm_query", "sys_updated_on>=2026-07-09 00:00:00^ORDERBYsys_updated_on"),
        (
            "servicenow/sys_audit",
            "sysparm_query",
            "tablename=incident^sys_created_on>=2026-07-09 00:00:00^ORDERBYsys_created_on",
        ),
        ("zendesk/metric_events", "start_time", "1782950700"),
    ],
)
def test_the_next_read_begins_where_the_last_one_ended(
    desk: Desk, service: HttpService, preset: str, parameter: str, expected: str
) -> None:
    records = [json.loads(line) for line in read(SAMPLES_DIR / SAMPLES[preset].file)]
    kinds = {"freshdesk": records, "servicenow": {"result": records}, "zendesk": {"ticket_metric_events": records}}
    empty = {"freshdesk": [], "servicenow": {"result": []}, "zendesk": {"ticket_metric_events": []}}
    vendor = preset.partition("/")[0]
    first = True

    def answer(handler: Handler) -> None:
        nonlocal first
        body, first = (kinds if first else empty)[vendor], False
        if isinstance(body, dict):
            body = {**body, "meta": {"has_more": False, "after_cursor": None}}
        handler.answer(200, json.dumps(body))

    service.always = answer
    desk.environment = {"SERVICE": service.root}
    desk.head = desk.head.split("sources:")[0] + 'sources: {here: {connector: rest, url: "${SERVICE}"}}\nfeeds:\n'
    desk.feeds = feeds_of(preset, "source: here")
    # After the newest record: a cursor is never in the future.
    at = datetime(2026, 8, 1, tzinfo=UTC)
    desk.land(feed_of(preset), landed_at=at)
    asked = len(service.asked)
    desk.land(feed_of(preset), landed_at=at)
    assert service.asked[0].params.get(parameter) != expected
    assert service.asked[asked].params[parameter] == expected
