"""What a service's records become: who asks, page after page, whole or from a cursor on, and each value as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract.errors import ProfileError, SourceError
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.http_service import Asked, HttpService, answers, serve
from tests.orchestration.extract.rest_desk import (
    CURSOR,
    FEEDS,
    PAGING,
    clients,
    deliver,
    ids,
    land_window,
    paged,
    rest_desk,
)


@pytest.fixture
def service() -> Iterator[HttpService]:
    with serve() as running:
        yield running


# Who asks


OAUTH2 = {"kind": "oauth2", "client_id": "me", "client_secret": "s3cret"}


@pytest.mark.parametrize(
    ("auth", "knows"),
    [
        ({"kind": "bearer", "token": "t0ken"}, lambda asked: asked.headers["Authorization"] == "Bearer t0ken"),
        (
            {"kind": "basic", "user": "ann", "password": "geheim"},
            lambda asked: asked.headers["Authorization"] == "Basic YW5uOmdlaGVpbQ==",
        ),
        ({"kind": "api_key", "key": "k3y"}, lambda asked: asked.headers["X-API-Key"] == "k3y"),
        ({"kind": "api_key", "key": "k3y", "name": "X-Token"}, lambda asked: asked.headers["X-Token"] == "k3y"),
        (
            {"kind": "api_key", "key": "k3y&c o", "name": "apikey", "location": "query"},
            lambda asked: asked.params["apikey"] == "k3y&c o",
        ),
        (OAUTH2, lambda asked: asked.headers["Authorization"] == "Bearer token1"),
    ],
)
def test_the_service_knows_who_asks_on_every_page(
    service: HttpService, auth: dict[str, str], knows: Callable[[Asked], bool]
) -> None:
    service.records["clients"] = clients(5)
    service.paging, service.knows = "next_url", knows
    token_url = {"token_url": f"{service.root}/token"} if auth is OAUTH2 else {}
    brought = deliver(service, auth={**auth, **token_url}, paginate=PAGING["next_url"])
    assert brought.ids == ["c1", "c2", "c3", "c4", "c5"]


def test_a_token_is_asked_for_with_the_clients_credentials(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1)
    auth = (
        "{kind: oauth2, token_url: '${SERVICE}/token', client_id: me, client_secret: s, scope: r w, params: {aud: x}}"
    )
    rest_desk(desk, service, f"auth: {auth}").land()
    assert [(each.method, each.path, each.body) for each in service.asked] == [
        (
            "POST",
            "/token",
            {"client_id": "me", "client_secret": "s", "grant_type": "client_credentials", "scope": "r w", "aud": "x"},
        ),
        ("GET", "/api/clients", {}),
    ]


@pytest.mark.parametrize("lifetime", [0, "0"])
def test_a_token_that_has_expired_is_renewed(service: HttpService, lifetime: object) -> None:
    service.records["clients"] = clients(5)
    service.paging, service.token_answer = "page", {"expires_in": lifetime}
    service.knows = lambda asked: asked.headers["Authorization"] == f"Bearer {service.tokens[-1]}"
    auth = {**OAUTH2, "token_url": f"{service.root}/token"}
    assert len(deliver(service, auth=auth, paginate=PAGING["page"]).ids) == 5
    assert len(service.tokens) == len(service.params()) == 4


def test_a_token_that_the_service_dropped_is_renewed_once(service: HttpService) -> None:
    service.records["clients"] = clients(5)
    service.paging = "cursor"
    service.knows = lambda asked: asked.headers["Authorization"] == "Bearer token2"
    said = {"auth": {**OAUTH2, "token_url": f"{service.root}/token"}, "paginate": PAGING["cursor"]}
    assert (len(deliver(service, **said).ids), len(service.tokens)) == (5, 2)
    service.knows = lambda _: False
    with pytest.raises(SourceError, match=r"401 Unauthorized.*check `auth`"):
        deliver(service, **said)
    assert len(service.tokens) == 4


@pytest.mark.parametrize("token_answer", ['{"access_token": null}', "[]", '{"token": "x"}'])
def test_an_answer_without_a_token_is_no_token(service: HttpService, token_answer: str) -> None:
    service.faults.append(answers(200, token_answer))
    with pytest.raises(SourceError, match=r"POST .*/token .*has no access_token; check `token_url`. It said: "):
        deliver(service, auth={**OAUTH2, "token_url": f"{service.root}/token"})


def test_headers_and_parameters_are_sent(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1)
    rest_desk(desk, service, "headers: {X-Tenant: north}", binding="params: {status: open & new, kind: '1'}").land()
    assert service.params() == [{"status": "open & new", "kind": "1"}]
    assert service.asked[0].headers["X-Tenant"] == "north"


# Pages


@pytest.mark.parametrize("kind", [*PAGING])
@pytest.mark.parametrize("bare", [False, True])
def test_all_pages_are_read_in_order(service: HttpService, kind: str, bare: bool) -> None:
    if bare and kind in {"cursor", "next_url"}:
        pytest.skip("a bare list has no place for the next page")
    service.records["clients"] = clients(7)
    service.paging, service.bare = kind, bare
    brought = deliver(service, paginate=PAGING[kind], binding={"records": None} if bare else {})
    places = [(record["id"], record["_file"], record["_line"], record["_row"]) for record in brought.records]
    assert places == [(f"c{number}", "clients", number, number) for number in range(1, 8)]


def test_a_binding_may_page_in_its_own_way(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(5)
    service.paging = "offset"
    rest_desk(desk, service, "paginate: {kind: cursor, next: nowhere}", binding="paginate: {kind: offset, size: 3}")
    assert desk.land().delivered == 5
    assert ids(desk) == ["c1", "c2", "c3", "c4", "c5"]


def test_the_size_of_pages_is_asked_for(service: HttpService) -> None:
    service.records["clients"] = clients(5)
    service.paging, service.size = "page", 100
    deliver(service, paginate={"kind": "page", "size": 3, "size_parameter": "size"})
    assert service.params() == [{"page": str(page), "size": "3"} for page in (1, 2, 3)]


def test_a_service_that_gives_fewer_than_the_limit_is_read_without_gaps(service: HttpService) -> None:
    service.records["clients"] = clients(9)
    service.paging, service.size = "offset", 2
    brought = deliver(service, paginate={"kind": "offset", "size": 500})
    assert brought.ids == [f"c{number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    ("paginate", "requests"),
    [
        ({"kind": "page", "total_pages": "pages"}, 3),
        ({"kind": "page"}, 4),
        ({"kind": "offset", "size": 2, "total": "total"}, 3),
        ({"kind": "offset", "size": 2}, 4),
    ],
)
def test_a_total_saves_the_last_empty_page(service: HttpService, paginate: dict[str, str], requests: int) -> None:
    service.records["clients"] = clients(5)
    service.paging = paginate["kind"]
    assert len(deliver(service, paginate=paginate).ids) == 5
    assert len(service.asked) == requests


def test_an_empty_page_among_a_known_number_is_not_the_last(service: HttpService) -> None:
    pages = ["[]", '[{"id": "c1"}]', "[]"]
    service.faults.extend(answers(200, f'{{"data": {{"items": {page}}}, "pages": 3}}') for page in pages)
    assert deliver(service, paginate={"kind": "page", "total_pages": "pages"}).ids == ["c1"]


@pytest.mark.parametrize(
    "paginate",
    [{"kind": "cursor", "next": "next"}, {"kind": "page"}, {"kind": "offset", "size": 1}],
    ids=["cursor", "page", "offset"],
)
def test_a_service_may_say_whether_there_is_more(service: HttpService, paginate: dict[str, object]) -> None:
    page = '{"data": {"items": [{"id": "c%d"}]}, "next": "t%d", "more": %s}'
    service.faults.extend(answers(200, page % (n, n, "false" if n == 3 else "true")) for n in (1, 2, 3))
    assert deliver(service, paginate={**paginate, "has_more": "more"}).ids == ["c1", "c2", "c3"]
    assert len(service.asked) == 3


@pytest.mark.parametrize("last", ['""', "null", "false"])
@pytest.mark.parametrize("kind", ["cursor", "next_url"])
def test_nothing_at_the_next_pages_place_is_the_end(service: HttpService, kind: str, last: str) -> None:
    service.faults.append(answers(200, f'{{"data": {{"items": [{{"id": "c1"}}]}}, "next": {last}}}'))
    assert deliver(service, paginate={"kind": kind, "next": "next"}).ids == ["c1"]
    assert len(service.asked) == 1


def test_a_relative_next_page_is_on_the_same_service(service: HttpService) -> None:
    page = '{"data": {"items": [{"id": "c%d"}]}, "next": %s}'
    following = ['"/api/clients?from=2"', '"?from=3"', "null"]
    service.faults.extend(answers(200, page % (number, target)) for number, target in enumerate(following, 1))
    assert deliver(service, paginate=PAGING["next_url"]).ids == ["c1", "c2", "c3"]
    assert service.params() == [{}, {"from": "2"}, {"from": "3"}]


def test_a_next_page_that_is_not_read_is_told(service: HttpService) -> None:
    service.records["clients"] = clients(5)
    for kind, where in (("link_header", "the Link header"), ("next_url", "next"), ("cursor", "meta.next")):
        service.paging = kind
        [notice] = deliver(service).delivery.notices
        assert (notice.kind, notice.place) == ("next_page", "clients")
        assert f"names a next page ({where})" in notice.message
    service.paging = "none"
    assert deliver(service).delivery.notices == ()


@given(
    kind=st.sampled_from([*PAGING]),
    size=st.integers(1, 5),
    count=st.integers(0, 12),
    asked_size=st.integers(1, 7),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_size_of_pages_each_record_comes_once(
    service: HttpService, kind: str, size: int, count: int, asked_size: int
) -> None:
    service.reset()
    service.records["clients"] = clients(count)
    service.paging, service.size = kind, size
    brought = deliver(service, paginate=PAGING[kind] | ({"size": asked_size} if kind == "offset" else {}))
    assert brought.ids == [f"c{number}" for number in range(1, count + 1)]
    assert brought.delivery.reread == ("clients",)


# Records


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("data.items", '{"data": {"items": [%s]}}'),
        ("$.data.items", '{"data": {"items": [%s]}}'),
        ("data.items[*]", '{"data": {"items": [%s]}}'),
        ('"page-info"."the items"', '{"page-info": {"the items": [%s]}}'),
        ("[0].rows", '[{"rows": [%s]}]'),
        ("groups[*].rows[*]", '{"groups": [{"rows": [%s]}, {"rows": []}]}'),
    ],
)
def test_records_are_found_by_their_path(service: HttpService, path: str, body: str) -> None:
    for records, expected in (("", []), ('{"id": "c1"}', ["c1"])):
        service.faults.append(answers(200, body % records))
        assert deliver(service, binding={"records": path}).ids == expected


def test_values_stay_as_they_were_written(desk: Desk, service: HttpService) -> None:
    """DuckDB's own JSON reader makes 0.1 of 0.1000, and 1000.0 of 1e3."""
    written = [
        ("12345678901234567890", "12345678901234567890"),
        ("0.1000", "0.1000"),
        ("1e3", "1e3"),
        ("-0.0", "-0.0"),
        ("-0", "-0"),
        ("1234567890.123456789012345678", "1234567890.123456789012345678"),
        ("true", "true"),
        (
            '"  服务 \\ud83d\\ude00 \\"quoted\\" \\\\ line\\nbreak \\u001f,\\u2028"',
            '服务 😀 "quoted" \\ line\nbreak \x1f,\u2028',
        ),
        ('{"b": [1.50, {"a": 1e3}], "名": "\\u00e9\\"", "n": null}', '{"b":[1.50,{"a":1e3}],"名":"é\\"","n":null}'),
        ("[]", "[]"),
        ("null", None),
        ('""', None),
        ('"007"', "007"),
    ]
    service.records["clients"] = [
        f'{{"id": {number}, "name": {text}, "changed": null}}' for number, (text, _) in enumerate(written)
    ]
    rest_desk(desk, service).land()
    rows = desk.query("select customer_name from raw.customers order by _line")
    assert [row[0] for row in rows] == [expected for _, expected in written]


def test_half_a_character_costs_neither_the_record_nor_silence(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [
        r'{"id": 1, "name": "cut \ud83d", "changed": null}',
        r'{"id": 2, "name": "\ude00 \ud83d\ude00", "changed": null}',
        r'{"id": 3, "name": "nul \u0000.", "changed": null}',
    ]
    result = rest_desk(desk, service).land()
    assert desk.query("select customer_name from raw.customers order by _line") == [
        ("cut \ufffd",),
        ("\ufffd 😀",),
        ("nul \0.",),
    ]
    assert [(notice.kind, notice.place, notice.message) for notice in result.notices] == [
        ("encoding", "clients", "2 records hold half a character (an unpaired surrogate), landed as U+FFFD")
    ]


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "application/json"),
        ("utf-8", "text/json"),
        ("utf-8-sig", "application/json"),
        ("utf-16", "application/json"),
        ("gbk", "application/json; charset=GBK"),
        ("utf-8", "application/json; charset=utf8"),
        ("utf-8", "application/json; charset=nonsense"),
    ],
)
def test_answers_are_read_in_their_encoding(service: HttpService, encoding: str, content_type: str) -> None:
    body = '{"data": {"items": [{"name": "服务"}]}}'
    service.faults.append(answers(200, body.encode(encoding), Content_Type=content_type))
    assert [record["name"] for record in deliver(service).records] == ["服务"]


def test_packed_answers_are_unpacked(service: HttpService) -> None:
    service.records["clients"] = clients(3)
    service.zipped = True
    assert deliver(service).ids == ["c1", "c2", "c3"]
    assert service.asked[0].headers["Accept-Encoding"].startswith("gzip")


def test_records_may_differ_in_their_keys(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [{"id": 1, "name": "Ann"}, {}, {"changed": "2026-01-02", "id": 2}]
    result = rest_desk(desk, service).land()
    assert (result.inserted, result.rejected) == (2, 1)
    assert desk.rejects() == [("clients", 2, ["customer_id: is required, found nothing"])]
    assert desk.query("select customer_id, customer_name, _line from raw.customers order by 1") == [
        ("1", "Ann", 1),
        ("2", None, 3),
    ]


def test_a_record_that_is_too_long_is_a_reject(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [*clients(1), {"id": "long", "name": "x" * 10_000_000}, *clients(1, first=2)]
    result = rest_desk(desk, service).land()
    assert (result.inserted, result.rejected) == (2, 1)
    [(file, line, reasons)] = desk.rejects()
    assert (file, line) == ("clients", 2)
    assert reasons == ["the line is a record of 10,000,024 bytes, more than 4,000,000"]
    assert ids(desk) == ["c1", "c2"]


def test_an_empty_result_lands_nothing_and_the_next_lands_rows(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = []
    rest_desk(desk, service, binding=CURSOR)
    assert desk.land().delivered == 0
    assert desk.query("select * from raw.cursors") == []
    service.records["clients"] = clients(2)
    assert desk.land().inserted == 2


# Whole reads and cursors


def test_a_whole_read_sees_what_is_gone(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(3)
    paged(desk, service, "page").land()
    service.records["clients"] = [*clients(2, first=2, changed="2026-02-01"), *clients(1, first=9)]
    result = desk.land()
    assert (result.inserted, result.replaced, result.deleted) == (1, 2, 1)
    assert ids(desk) == ["c2", "c3", "c9"]


def test_reading_again_changes_nothing(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(5)
    paged(desk, service, "cursor").land()
    before = desk.query("select * from raw.customers order by all")
    result = desk.land()
    assert (result.unchanged, result.inserted, result.replaced, result.deleted) == (5, 0, 0, 0)
    assert desk.query("select * from raw.customers order by all") == before


def test_only_what_changed_is_asked_for(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [
        *clients(3, changed="2026-01-01T09:00:00Z"),
        *clients(1, first=4, changed="2026-01-10T09:00:00Z"),
    ]
    notes: list[str] = []
    paged(desk, service, "next_url", binding=CURSOR).land(log=notes.append)
    assert "since" not in service.params()[0]
    service.asked.clear()
    service.records["clients"] += [
        *clients(1, first=5, changed="2026-01-07T09:00:00Z"),
        *clients(1, first=6, changed="2026-01-07T08:59:59Z"),
    ]
    result = desk.land(log=notes.append)
    assert service.params() == [{"since": "2026-01-07T09:00:00Z"}]
    assert (result.delivered, result.inserted, result.unchanged, result.deleted) == (2, 1, 1, 0)
    assert sorted(ids(desk)) == ["c1", "c2", "c3", "c4", "c5"]
    assert notes[-1] == "customers: shop: clients with since=2026-01-07T09:00:00Z, 1 page"
    assert desk.query("select value, value_type from raw.cursors") == [("2026-01-10T09:00:00Z", "VARCHAR")]


@pytest.mark.parametrize(
    ("cursor", "values", "state", "asked"),
    [
        ({}, ["2026-01-10T09:00:00+08:00"], "2026-01-10T09:00:00+08:00", "2026-01-10T09:00:00+08:00"),
        ({"lookback_days": 3}, ["2026-01-10T09:00:00+08:00"], "2026-01-10T09:00:00+08:00", "2026-01-07T09:00:00+08:00"),
        ({"lookback_days": 3}, ["2026-01-10 09:00:00.5"], "2026-01-10 09:00:00.5", "2026-01-07 09:00:00.500000"),
        ({"lookback_days": 3}, ["2026-01-10"], "2026-01-10", "2026-01-07"),
        # The offset decides which is later, not the text.
        ({}, ["2026-01-10T09:00:00+08:00", "2026-01-10T02:00:00Z"], "2026-01-10T02:00:00Z", "2026-01-10T02:00:00Z"),
        ({"format": "%d/%m/%Y %H:%M"}, ["2026-01-10T09:00:00Z"], "2026-01-10T09:00:00Z", "10/01/2026 17:00"),
        ({"format": "%Y%m%dT%H%M%SZ"}, ["2026-01-10T09:00:00+08:00"], "2026-01-10T09:00:00+08:00", "20260110T010000Z"),
        ({"format": "%Y-%m-%dT%H:%M:%SZ"}, ["2026-01-10 09:00"], "2026-01-10 09:00", "2026-01-10T01:00:00Z"),
        ({"format": "%s"}, ["2026-01-10T09:00:00Z"], "2026-01-10T09:00:00Z", "1768035600"),
        ({"format": "%s", "lookback_days": 1}, ["2026-01-10 17:00"], "2026-01-10 17:00", "1767949200"),
        ({"format": "%s"}, [999, 1768035600], "2026-01-10T09:00:00+00:00", "1768035600"),
        ({"format": "%s000", "lookback_days": 1}, [1768035600123], "2026-01-10T09:00:00.123000+00:00", "1767949200000"),
        # Numbers are compared as numbers.
        ({}, [9, 10], "10", "10"),
        ({}, ["v9", "v10"], "v9", "v9"),
        ({}, [None, "2026-01-10"], "2026-01-10", "2026-01-10"),
        # Of text and dates, the dates count.
        ({}, ["soon", "2026-01-10"], "2026-01-10", "2026-01-10"),
    ],
)
def test_the_parameter_is_written_as_the_service_wants_it(
    service: HttpService, cursor: dict[str, object], values: list[object], state: str, asked: str
) -> None:
    service.records["clients"] = [{"id": number, "at": value} for number, value in enumerate(values)]
    binding = {"cursor": {"column": "at", "parameter": "from", **cursor}}
    first = deliver(service, binding=binding).delivery
    second = deliver(service, binding=binding, cursors=first.cursors).delivery
    assert service.params() == [{}, {"from": asked}]
    assert [each.value for each in (*first.cursors, *second.cursors)] == [state, state]
    assert (first.reread, second.reread) == (("clients",), ())


def test_a_record_from_the_future_does_not_hide_what_comes_until_then(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [
        *clients(1, changed="2036-01-01T00:00:00Z"),
        *clients(1, first=2, changed="2026-06-01T00:00:00Z"),
    ]
    rest_desk(desk, service, binding=CURSOR.replace(", lookback_days: 3", ""))
    desk.land(landed_at=datetime(2026, 7, 1, tzinfo=UTC))
    service.records["clients"] += clients(1, first=3, changed="2026-07-02T00:00:00Z")
    assert desk.land(landed_at=datetime(2026, 7, 3, tzinfo=UTC)).inserted == 1
    assert service.params()[-1]["since"] < "2026-07-02"


def test_a_cursor_without_new_records_stays(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1, changed="2026-01-10T00:00:00Z")
    rest_desk(desk, service, binding=CURSOR).land()
    service.records["clients"] = []
    result = desk.land()
    assert (result.delivered, result.deleted, ids(desk)) == (0, 0, ["c1"])
    assert desk.query("select value from raw.cursors") == [("2026-01-10T00:00:00Z",)]


def test_a_window_is_read_again_and_the_cursor_stays(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [
        *clients(1, changed="2026-03-01T00:00:00Z"),
        *clients(1, first=2, changed="2026-03-31T23:59:59Z"),
        *clients(1, first=3, changed="2026-05-01T00:00:00Z"),
    ]
    paged(desk, service, "next_url", binding=CURSOR).land()
    state = desk.query("select value, value_type from raw.cursors")
    service.records["clients"][0]["name"] = "corrected"
    service.records["clients"][2]["name"] = "not in the window"
    service.asked.clear()
    result = land_window(desk, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert service.params() == [{"since": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}]
    assert (result.delivered, result.replaced, result.unchanged, result.deleted) == (2, 1, 1, 0)
    assert desk.query("select customer_name from raw.customers order by 1") == [("corrected",), ("n2",), ("n3",)]
    assert desk.query("select value, value_type from raw.cursors") == state


def test_a_first_window_moves_no_cursor_and_drops_nothing(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(2, changed="2026-03-05T00:00:00Z")
    rest_desk(desk, service, binding=CURSOR)
    assert land_window(desk, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)).inserted == 2
    assert land_window(desk, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)).deleted == 0
    assert (desk.query("select * from raw.cursors"), len(ids(desk))) == ([], 2)


@pytest.mark.parametrize("kind", ["page", "next_url"])
def test_a_record_added_while_pages_are_read_comes_once(desk: Desk, service: HttpService, kind: str) -> None:
    """The record that moved to the next page comes twice; the new one comes with the next read."""
    service.records["clients"] = clients(6)
    paged(desk, service, kind)
    seen = 0

    def knows(_: Asked) -> bool:
        nonlocal seen
        seen += 1
        if seen == 2:
            service.records["clients"].insert(0, {"id": "new", "name": "", "changed": "2026-01-02"})
        return True

    service.knows = knows
    assert desk.land().delivered == 7
    assert sorted(ids(desk)) == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert desk.land().inserted == 1


def test_what_slips_past_between_two_pages_comes_with_the_lookback(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(6, changed="2026-01-01T00:00:00Z")
    paged(desk, service, "page", binding=CURSOR)
    seen = 0

    def knows(_: Asked) -> bool:
        nonlocal seen
        seen += 1
        if seen == 2:
            del service.records["clients"][0]
        return True

    service.knows = knows
    desk.land()
    assert "c3" not in ids(desk)
    desk.land()
    assert "c3" in ids(desk)


def test_two_endpoints_of_one_service_feed_one_feed(desk: Desk, service: HttpService) -> None:
    service.records["clients"], service.records["old/clients"] = clients(2), clients(2, first=3)
    second = FEEDS.split("customers:\n")[1].replace("endpoint: clients", "endpoint: /old/clients")
    rest_desk(desk, service, feeds=FEEDS + second).land()
    assert desk.query("select customer_id, _file from raw.customers order by 1") == [
        ("c1", "clients"),
        ("c2", "clients"),
        ("c3", "/old/clients"),
        ("c4", "/old/clients"),
    ]
    service.records["old/clients"] = []
    assert desk.land().deleted == 2


def test_a_look_stops_when_it_has_enough(service: HttpService) -> None:
    service.records["clients"] = clients(50)
    service.paging = "page"
    assert len(deliver(service, limit_rows=5, paginate=PAGING["page"]).ids) == 6
    assert len(service.asked) == 3


# The profile


@pytest.mark.parametrize(
    ("source", "binding", "message"),
    [
        ("auth: {kind: magic}", "", r"desk.yml:11: .*auth.kind: found 'magic', expected one of bearer, basic"),
        ("auth: {kind: bearer, tokn: x}", "", r"unknown key; did you mean token\?"),
        ("paginate: {kind: page, size: 3}", "", r"size and size_parameter belong together"),
        ("paginate: {kind: cursor, next: a, hasmore: b}", "", r"unknown key; did you mean has_more\?"),
        ("", "cursor: {column: changed}", r"desk.yml:\d+: .*cursor: of a rest source needs `parameter`"),
        (
            "auth: {kind: oauth2, token_url: nowhere, client_id: a, client_secret: b}",
            "",
            r"found 'nowhere': expected an http",
        ),
    ],
)
def test_mistakes_of_a_rest_source_have_their_line(
    desk: Desk, service: HttpService, source: str, binding: str, message: str
) -> None:
    rest_desk(desk, service, *([source] if source else []), binding=binding)
    with pytest.raises(ProfileError, match=message):
        _ = desk.profile


@pytest.mark.parametrize("url", ["ftp://shop/api", "http://ann:canary@shop", "https://shop/api?key=canary", "shop/api"])
def test_a_url_is_that_of_a_service_and_holds_no_secret(desk: Desk, service: HttpService, url: str) -> None:
    rest_desk(desk, service).environment = {"SERVICE": url.removesuffix("/api")}
    desk.head = desk.head.replace("${SERVICE}/api", "${SERVICE}")
    with pytest.raises(ProfileError, match=r"found '\$\{SERVICE\}': expected") as caught:
        _ = desk.profile
    assert "canary" not in str(caught.value)
