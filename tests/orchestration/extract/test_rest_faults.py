"""What a service can do wrong, and what it gets: tried again, told in words, nothing by half, no secret shown."""

from __future__ import annotations

import gzip
import json
import logging
import signal
import ssl
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from orchestration.extract.connectors import rest, rest_http
from orchestration.extract.connectors.rest_auth import authenticator
from orchestration.extract.connectors.rest_http import open_session
from orchestration.extract.connectors.rest_pages import Pages
from orchestration.extract.connectors.rest_secrets import Secrets
from orchestration.extract.errors import SourceError, TransientError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import RestSource
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.http_service import (
    Fault,
    Handler,
    HttpService,
    answers,
    breaks_off,
    closes,
    keeps_silent,
    serve,
)
from tests.orchestration.extract.rest_desk import CURSOR, PAGING, clients, deliver, ids, paged, rest_desk

BODY = '{"data": {"items": [{"id": "c1", "name": "Ann", "changed": "2026-01-01"}]}}'


@pytest.fixture
def service() -> Iterator[HttpService]:
    with serve() as running:
        yield running


def landed_with_five(desk: Desk, service: HttpService) -> None:
    """Land five customers; of the next delivery all are new."""
    service.records["clients"] = clients(5, changed="2026-01-01T00:00:00Z")
    desk.land()
    service.records["clients"] = clients(6, changed="2026-01-02T00:00:00Z")
    service.asked.clear()


# What may pass


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_error_is_asked_again(desk: Desk, service: HttpService, status: int) -> None:
    service.records["clients"] = clients(1)
    service.faults.extend([answers(status, "try later"), closes, answers(status)])
    told: list[str] = []
    rest_desk(desk, service).land(log=told.append)
    assert ids(desk) == ["c1"]
    assert len(service.asked) == 4
    url = f"GET {service.url}/clients"
    assert told[0].startswith(f"{url} answered {status} ")
    assert told[0].split("(")[1].startswith("attempt 1 of 5); waiting 0.0 s")
    assert told[1].startswith(f"{url} failed (ConnectionError: ")


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (answers(500, "boom é"), r"answered 500 Internal Server Error, 3 times in a row. It said: boom é"),
        (answers(429), r"answered 429 Too Many Requests, 3 times in a row. It said nothing"),
        (closes, r"failed \(ConnectionError: .*\), 3 times in a row"),
        (breaks_off(BODY[:40], len(BODY)), r"failed \(ChunkedEncodingError: .*40 bytes read, .* more expected"),
        (answers(200, b"no gzip", Content_Encoding="gzip"), r"failed \(ContentDecodingError: .*gzip"),
        (answers(200, BODY[:40], Content_Type="text/json"), r"is not JSON"),
        (keeps_silent(0.3), r"failed \(no answer within 0.1 s\), 3 times in a row"),
    ],
)
def test_what_does_not_pass_leaves_the_feed_as_it_was_and_the_next_run_heals(
    desk: Desk, service: HttpService, fault: Fault, problem: str
) -> None:
    paged(desk, service, "next_url", "request_attempts: 3", binding=CURSOR)
    desk.head = desk.head.replace("timeout_seconds: 0.5", "timeout_seconds: 0.1")
    landed_with_five(desk, service)
    before = (
        desk.query("from raw.customers order by all"),
        desk.query("from raw.cursors"),
        desk.query("from raw.batches"),
    )
    # The second page fails for ever, after the first came.
    service.knows = lambda _: setattr(service, "always", fault) is None
    with pytest.raises(
        TransientError, match=r"^feed customers, source shop \(profile line 15\): .*GET http://.*" + problem
    ):
        desk.land()
    after = (
        desk.query("from raw.customers order by all"),
        desk.query("from raw.cursors"),
        desk.query("from raw.batches"),
    )
    assert after == before
    service.always = None
    service.knows = lambda _: True
    result = desk.land()
    assert (result.inserted, result.replaced, sorted(ids(desk))) == (1, 5, ["c1", "c2", "c3", "c4", "c5", "c6"])


def test_nobody_there_may_pass(desk: Desk, service: HttpService) -> None:
    rest_desk(desk, service, "request_attempts: 2")
    with serve() as gone:
        desk.environment = {"SERVICE": gone.root}
    with pytest.raises(TransientError, match=r"GET http://.*/api/clients failed \(.*Connection refused\), 2 times"):
        desk.land()


@pytest.mark.parametrize(
    "written",
    [lambda: "1", lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)],
    ids=["seconds", "date"],
)
def test_the_service_says_when_to_come_back(desk: Desk, service: HttpService, written: Callable[[], str]) -> None:
    service.records["clients"] = clients(1)
    service.faults.append(lambda handler: handler.answer(429, "", Retry_After=written()))
    rest_desk(desk, service).land()
    first, second = service.asked
    assert 1 <= second.at - first.at < 2.5
    assert ids(desk) == ["c1"]


@pytest.mark.parametrize("written", ["Retry-After: 3600", "Retry-After: Thu, 31 Dec 2099 23:59:59 GMT"])
def test_nobody_waits_longer_than_the_profile_says(desk: Desk, service: HttpService, written: str) -> None:
    service.always = answers(503, "closed", Retry_After=written.removeprefix("Retry-After: "))
    rest_desk(desk, service, "max_wait_seconds: 20")
    with pytest.raises(TransientError, match=rf"asks to wait \({written}\) longer than max_wait_seconds, 20"):
        desk.land()
    assert len(service.asked) == 1


@pytest.mark.parametrize("written", ["soon", "-5", "0", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_not_waited_for(desk: Desk, service: HttpService, written: str) -> None:
    service.records["clients"] = clients(1)
    service.faults.append(answers(503, "", Retry_After=written))
    started = time.monotonic()
    rest_desk(desk, service).land()
    assert (ids(desk), time.monotonic() - started < 5) == (["c1"], True)


def test_waits_grow(desk: Desk, service: HttpService) -> None:
    service.always = answers(503)
    rest_desk(desk, service)
    desk.head = desk.head.replace("wait_seconds: 0.01", "wait_seconds: 0.04")
    with pytest.raises(TransientError, match="5 times in a row"):
        desk.land()
    times = [each.at for each in service.asked]
    waits = [after - before for before, after in pairwise(times)]
    # The first attempt waits 0.04 s, each next one twice as long, and up to 0.04 s are added by chance.
    for wait, least in zip(waits, (0.04, 0.08, 0.16, 0.32), strict=True):
        assert wait >= least
    assert waits[3] < 1


def test_a_wait_can_be_stopped(desk: Desk, service: HttpService) -> None:
    service.always = answers(503, "", Retry_After="60")
    rest_desk(desk, service)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.8)
    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            desk.land()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - started < 10
    assert desk.query("select * from raw.customers") == []


def test_a_service_is_asked_at_its_pace(service: HttpService) -> None:
    service.records["clients"] = clients(8)
    service.paging = "cursor"
    started = time.monotonic()
    deliver(service, paginate=PAGING["cursor"], requests_per_second=6)
    assert len(service.asked) == 4
    assert service.asked[3].at - started >= 0.5


def test_long_reads_tell_how_far_they_are(desk: Desk, service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "_SECONDS_BETWEEN_TELLS", 0.05)
    service.records["clients"] = clients(12)
    told: list[str] = []
    paged(desk, service, "page", "requests_per_second: 25").land(log=told.append)
    assert told[0] in {f"customers: shop: clients: {pages} pages, {2 * pages} records so far" for pages in (2, 3, 4)}
    assert len(told) >= 3


def test_a_page_is_freed_before_the_next_is_asked_for(service: HttpService) -> None:
    service.records["clients"] = clients(4)
    service.paging = "page"
    source = RestSource.model_validate({"connector": "rest", "url": service.url, "paginate": {"kind": "page"}})
    secrets = Secrets(source)
    with open_session(source, service.url, secrets, lambda _: None) as session:
        auth = authenticator(source, secrets, lambda _: None)
        pages = Pages(source, Binding(source="", endpoint="clients", records="data.items"), session, auth).read({})
        first = next(pages)
        records, answer = list(first), first.response
        held: list[tuple[int, int]] = []
        service.knows = lambda _: held.append((len(first), len(answer.content))) is None
        assert (len(records), len(next(pages)), held) == (2, 2, [(0, 0)])


# What will not pass


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "400 Bad Request.* check `endpoint`, `params` and `cursor`"),
        (401, "401 Unauthorized.* check `auth` of the source"),
        (403, "403 Forbidden.* check `auth` of the source, and what it is allowed to read"),
        (404, "404 Not Found.* check `url` of the source and `endpoint`"),
        (410, "410 Gone.* check `url` of the source, `endpoint` and `params`"),
        (204, "204 No Content.* was refused"),
        (304, "304 Not Modified.* was refused"),
    ],
)
def test_a_refusal_is_told_at_once(service: HttpService, status: int, advice: str) -> None:
    body = "" if status in {204, 304} else '{"error": "我们不认识你"}'
    service.always = answers(status, body, Content_Length=str(len(body.encode())))
    said = " nothing" if not body else r': \{"error": "我们不认识你"\}'
    with pytest.raises(
        SourceError, match=rf"GET {service.url}/clients\?a=b \(status {advice}.* It said{said}"
    ) as caught:
        deliver(service, binding={"params": {"a": "b"}})
    assert not isinstance(caught.value, TransientError)
    assert len(service.asked) == 1


LOGIN = "<!doctype html>\n<title>Log in</title>" + "<p>please</p>" * 100


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (
            LOGIN,
            "text/html",
            r"is not JSON \(.*\), but 1,\d\d\d bytes of text/html; .* It said: <!doctype html> <title>Log in",
        ),
        ("", "application/json", r"is not JSON \(.*\), but 0 bytes of application/json; .* It said nothing"),
        (BODY[:-20], "application/json", r"is not JSON .* It said: \{\"data\": \{\"items\""),
        (BODY + BODY, "application/json", r"is not JSON \(Extra data"),
        (BODY.encode() + b"\xff", "application/json", r"is not JSON \('utf-8' codec can't decode byte 0xff"),
        ("[" * 100_000, "application/json", r"is not JSON \(it is nested too deeply\)"),
        ('{"data": {}}', "application/json", r"a list of objects at `records` \(data.items\) .*, but there is nothing"),
        ('{"data": {"items": null}}', "application/json", r"but there is null; correct `records`. It said"),
        ('{"data": {"items": {"a": 1, "b": 2}}}', "application/json", r"but there is an object with the keys a, b;"),
        ('{"data": {"items": "none"}}', "application/json", r"but there is a text;"),
        ('{"data": {"items": 7}}', "application/json", r"but there is a number;"),
        (
            '{"data": {"items": [{"id": 1}, 2, "x"]}}',
            "application/json",
            r"but 2 of 3 are no objects \(the first is a number\)",
        ),
        ('{"data": {"items": [[1, 2]]}}', "application/json", r"but 1 of 1 are no objects \(the first is a list\)"),
        (
            '{"result": {"rows": [{"id": 1}]}}',
            "application/json",
            r"there is nothing; .*; there is a list at result.rows\.",
        ),
        (
            '[{"id": 1}]',
            "application/json",
            r"there is nothing; correct `records`: the body itself is a list, leave it out",
        ),
        ('{"error": "quota"}', "application/json", r'but there is nothing; .* It said: \{"error": "quota"\}'),
        ("null", "application/json", r"but there is nothing"),
    ],
)
def test_an_answer_that_is_not_as_declared_is_quoted(
    service: HttpService, body: str | bytes, content_type: str, message: str
) -> None:
    service.always = answers(200, body, Content_Type=content_type)
    with pytest.raises(SourceError, match=message) as caught:
        deliver(service, paginate=PAGING["page"])
    text = str(caught.value)
    assert f"GET {service.url}/clients?page=1 (status 200 OK)" in text
    assert len(text.split("It said")[1]) <= 303


def test_a_body_that_was_not_declared_a_list_is_refused(service: HttpService) -> None:
    service.records["clients"] = clients(1)
    with pytest.raises(SourceError, match=r"but there is an object with the keys data, total, pages; .* at data.items"):
        deliver(service, binding={"records": None})


@pytest.mark.parametrize("path", ["data..", "data[", "data items"])
def test_a_record_path_that_is_none_is_named(service: HttpService, path: str) -> None:
    with pytest.raises(SourceError, match=r"`records: .*` is no path; write one such as data.items"):
        deliver(service, binding={"records": path})
    assert service.asked == []


def test_a_cut_packed_answer_is_no_page(service: HttpService) -> None:
    service.always = answers(200, gzip.compress(BODY.encode())[:-20], Content_Encoding="gzip")
    with pytest.raises(TransientError, match=r"is not JSON|IncompleteRead|failed"):
        deliver(service, request_attempts=2)


def test_an_answer_without_an_end_is_refused(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small answer may unpack to more than a disk holds."""
    monkeypatch.setattr(rest_http, "MAX_BODY_BYTES", 3_000_000)
    service.always = answers(200, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(SourceError, match=r"is larger than 3,000,000 bytes; ask for smaller pages"):
        deliver(service)


def test_a_cursor_that_no_record_has_is_named(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1)
    rest_desk(desk, service, binding=CURSOR.replace("column: changed", "column: edited"))
    with pytest.raises(SourceError, match=r"there is no cursor column edited; there are id, name, changed"):
        desk.land()


def test_a_lookback_needs_dates(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1)
    rest_desk(desk, service, binding=CURSOR.replace("column: changed", "column: name"))
    with pytest.raises(SourceError, match=r"the cursor holds 'n1'"):
        desk.land()


def test_keys_that_duckdb_cannot_tell_apart_are_named(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = [{"id": 1, "ID": 2, "name": "", "changed": None}]
    with pytest.raises(SourceError, match=r"clients: column 'ID' clashes with 'id'"):
        rest_desk(desk, service).land()


# What never ends


def test_the_same_token_again_is_an_endless_pagination(service: HttpService) -> None:
    page = '{"data": {"items": [{"id": "c%d", "name": "", "changed": null}]}, "meta": {"next": "%s"}}'
    service.faults.extend(answers(200, page % (n, "ab"[n % 2])) for n in range(50))
    with pytest.raises(SourceError, match=r"after page 3 the service asks for a page that was read before: an endless"):
        deliver(service, paginate=PAGING["cursor"])


@pytest.mark.parametrize("kind", ["next_url", "link_header"])
def test_the_same_url_again_is_an_endless_pagination(service: HttpService, kind: str) -> None:
    page = '{"data": {"items": [{"id": "c%d", "name": "", "changed": null}]}, "next": "%s/clients?from=2"}'
    link = f'<{service.url}/clients?from=2>; rel="next"'
    service.faults.extend(answers(200, page % (n, service.url), Link=link) for n in range(50))
    with pytest.raises(SourceError, match=r"after page 2 the service asks for a page that was read before: an endless"):
        deliver(service, paginate=PAGING[kind])


@pytest.mark.parametrize("kind", ["page", "offset", "cursor"])
def test_the_same_page_again_is_an_endless_pagination(service: HttpService, kind: str) -> None:
    """The service ignores the parameter, or starts again at its end."""
    page = '{"data": {"items": [{"id": "c%d", "name": "", "changed": null}]}, "meta": {"next": "t%d"}}'
    service.faults.extend(answers(200, page % (n % 3, n)) for n in range(50))
    with pytest.raises(
        SourceError, match=r"page 4 is the same as an earlier one: .* check `paginate`. It was GET http"
    ):
        deliver(service, paginate=PAGING[kind])


def test_more_pages_than_allowed_are_an_endless_pagination(service: HttpService) -> None:
    page = '{"data": {"items": []}, "meta": {"next": "t%d"}}'
    service.faults.extend(answers(200, page % n) for n in range(50))
    with pytest.raises(SourceError, match=r"more than 7 pages \(max_pages\): an endless pagination\?"):
        deliver(service, paginate=PAGING["cursor"], max_pages=7)
    assert len(service.asked) == 7


def test_an_empty_page_before_the_total_is_no_end(service: HttpService) -> None:
    service.faults.append(answers(200, '{"data": {"items": [{"id": 1, "name": "", "changed": null}]}, "total": 9}'))
    service.faults.extend(answers(200, '{"data": {"items": []}, "total": 9}') for _ in range(9))
    with pytest.raises(SourceError, match=r"after page 2 the service asks for a page that was read before"):
        deliver(service, paginate={"kind": "offset", "size": 1, "total": "total"})


@pytest.mark.parametrize(
    ("paginate", "around", "message"),
    [
        (
            {"kind": "page", "total_pages": "pages"},
            "",
            r"does not say how to go on; check `paginate`. Total .* not found",
        ),
        (
            {"kind": "offset", "size": 1, "total": "pages"},
            ', "pages": "many"',
            r"does not say how to go on; .*not an `int`",
        ),
        ({"kind": "cursor", "next": "n", "has_more": "more"}, ', "n": 1', r"does not say how to go on; .*[Hh]as more"),
        ({"kind": "next_url", "next": "n"}, ', "n": {"page": 2}', r"next page at n is an object .* expected a URL"),
        ({"kind": "next_url", "next": "n"}, ', "n": 2', r"next page at n is a number, expected a URL"),
    ],
)
def test_a_service_that_does_not_say_how_to_go_on_is_told(
    service: HttpService, paginate: dict[str, object], around: str, message: str
) -> None:
    service.always = answers(200, BODY[:-1] + around + ', "padding": "' + "x" * 10_000 + '"}')
    with pytest.raises(SourceError, match=message) as caught:
        deliver(service, paginate=paginate)
    assert len(str(caught.value)) < 600


# What must not be seen, and where credentials must not go

# With letters that URLs and JSON write in other ways.
SECRET = 'can&ary/"x y'  # noqa: S105 - of no service

AUTHS = {
    "bearer": {"token": SECRET},
    "basic": {"user": "ann", "password": SECRET},
    "api_key": {"key": SECRET},
    "query": {"key": SECRET, "name": "who", "location": "query"},
    "oauth2": {"client_id": "me", "client_secret": SECRET},
}


@pytest.mark.parametrize("auth", [*AUTHS])
@pytest.mark.parametrize("fault", ["repeats", "closes", "refuses", "redirects", "no json", "silent", "next page"])
def test_no_secret_is_shown(service: HttpService, auth: str, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    """A rude service repeats what it was sent: in its answer, in a redirect, as the next page."""
    caplog.set_level(logging.DEBUG)

    def rude(handler: Handler) -> None:
        sent = f"{handler.path} {dict(handler.headers)} {SECRET} {service.tokens}"
        body = BODY[:-1] + f', "next": {json.dumps(f"http://elsewhere.test/?who={SECRET}")}}}'
        {
            "repeats": lambda: handler.answer(200, sent),
            "closes": lambda: closes(handler),
            "refuses": lambda: handler.answer(403, json.dumps({"you sent": sent})),
            "redirects": lambda: handler.answer(302, "", Location=f"http://elsewhere.test{handler.path}"),
            "no json": lambda: handler.answer(200, '{"a": "' + sent),
            "silent": lambda: keeps_silent(0.1)(handler),
            "next page": lambda: handler.answer(200, body),
        }[fault]()

    service.always = rude
    kind = "api_key" if auth == "query" else auth
    token_url = {"token_url": f"{service.root}/token"} if auth == "oauth2" else {}
    said = {"auth": {"kind": kind, **AUTHS[auth], **token_url}, "paginate": PAGING["next_url"]}
    told: list[str] = []
    with pytest.raises(SourceError) as caught:
        deliver(service, told=told, request_attempts=2, timeout_seconds=0.05, **said)
    shown = "".join(traceback.format_exception(caught.value)) + "".join(told) + caplog.text
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    basic = b64encode(f"ann:{SECRET}".encode()).decode()
    for text in (SECRET, "can&ary", "can%26ary", quote_plus(SECRET), json.dumps(SECRET)[1:-1], basic, *service.tokens):
        assert text not in shown
    assert service.asked


def test_a_secret_is_not_shown_where_the_quotation_is_cut(service: HttpService) -> None:
    service.always = answers(403, "x" * 294 + "canary")
    with pytest.raises(SourceError, match=r"x{294}\*{3}$"):
        deliver(service, auth={"kind": "bearer", "token": "canary"})
    service.always = answers(403, "x" * 297 + "canary")
    with pytest.raises(SourceError, match=r"x{297}\*{3}$"):
        deliver(service, auth={"kind": "bearer", "token": "canary"})


@pytest.mark.parametrize("secret", ["canary\n", "canary服务"])
def test_a_secret_that_no_header_can_hold_is_not_shown(service: HttpService, secret: str) -> None:
    with pytest.raises(SourceError, match=r"the header Authorization holds a line break or letters") as caught:
        deliver(service, auth={"kind": "bearer", "token": secret})
    assert "canary" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("how", ["next_url", "link_header", "redirect", "endpoint"])
def test_credentials_do_not_travel_to_another_host(desk: Desk, service: HttpService, how: str) -> None:
    with serve() as other:
        other.records["clients"] = clients(1)
        target = f"{other.url}/clients"
        body = BODY[:-1] + f', "next": "{target}"}}'
        if how == "redirect":
            service.always = answers(302, "", Location=target)
        else:
            service.always = answers(200, body, Link=f'<{target}>; rel="next"')
        kind = how if how in {"next_url", "link_header"} else "none"
        paged(desk, service, kind, "auth: {kind: bearer, token: t0ken}", "headers: {X-Key: k3y}")
        if how == "endpoint":
            desk.feeds = desk.feeds.replace("endpoint: clients", f"endpoint: '{target}'")
        with pytest.raises(
            SourceError, match=rf"leads to {target}, away from {service.root}; the credentials must not"
        ):
            desk.land()
        assert other.asked == []


def test_a_redirect_on_the_same_service_is_followed(desk: Desk, service: HttpService) -> None:
    service.records["clients"] = clients(1)
    service.faults.append(answers(301, "", Location="/api/clients?moved=1"))
    rest_desk(desk, service, "auth: {kind: bearer, token: t0ken}").land()
    assert ids(desk) == ["c1"]
    assert service.asked[1].headers["Authorization"] == "Bearer t0ken"


def test_redirects_in_a_circle_are_told(desk: Desk, service: HttpService) -> None:
    service.always = answers(302, "", Location="/api/clients")
    with pytest.raises(SourceError, match=r"TooManyRedirects"):
        rest_desk(desk, service).land()


def test_without_auth_no_password_is_taken_from_the_users_file(
    desk: Desk, service: HttpService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    service.records["clients"] = clients(1)
    rest_desk(desk, service).land()
    assert "Authorization" not in service.asked[0].headers


def test_a_certificate_that_is_not_trusted_is_told_at_once(desk: Desk, service: HttpService, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with serve(context) as secure:
        rest_desk(desk, service).environment = {"SERVICE": secure.root}
        told: list[str] = []
        with pytest.raises(SourceError, match=r"failed: SSLError: .*certificate verify failed") as caught:
            desk.land(log=told.append)
    assert not isinstance(caught.value, TransientError)
    assert told == []


def self_signed(folder: Path) -> Path:
    """Write a certificate that nobody vouches for, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    path = folder / "service.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(pem))
    return path
