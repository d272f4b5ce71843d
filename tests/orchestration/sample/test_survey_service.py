"""The survey service: all records in pages of three kinds, for who holds a token; it throttles, and at times fails."""

# ruff: noqa: S310 - the URLs are those of our own service
from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.sample.live.survey_server import CLIENT_ID, SurveyServer, survey_server
from orchestration.sample.live.survey_service import BREAKS_OFF_EVERY, BURST, FAILS_EVERY, LARGEST_PAGE

NAMES = {"invitations": "iid", "answers": "aid", "reviews": "id"}


@pytest.fixture(scope="module")
def service(company: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SurveyServer]:
    with survey_server(tmp_path_factory.mktemp("surveys"), company.folder) as running:
        yield running


def get(service: SurveyServer, path: str, token: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    request = urllib.request.Request(service.url + path, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), dict(error.headers)


def get_until_it_answers(service: SurveyServer, path: str, token: str) -> dict[str, Any]:
    for _ in range(20):
        try:
            status, body, headers = get(service, path, token)
        except http.client.IncompleteRead:
            continue
        if status == 200:
            return body
        assert status in {429, 500}, body
        time.sleep(float(headers.get("Retry-After", 0)))
    raise AssertionError("the service never answered")


def new_token(service: SurveyServer, secret: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": secret}
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(service.url + "/oauth/token", data=data, timeout=10) as response:
        return json.load(response)["access_token"]


def read_all(service: SurveyServer, kind: str, since: str = "") -> list[dict[str, Any]]:
    """Follow the pages as their kind pages."""
    token, records = new_token(service, service.secret), []
    asked = {"limit": "150", **({"since": since} if since else {})}
    path: str | None = f"/v1/{kind}?{urllib.parse.urlencode(asked)}"
    while path:
        body = get_until_it_answers(service, path, token)
        if kind == "invitations":
            records += body["items"]
            more = len(records) < body["total"]
            path = f"/v1/{kind}?{urllib.parse.urlencode({**asked, 'offset': len(records)})}" if more else None
        elif kind == "answers":
            records += body["data"]["answers"]
            following = body["paging"]["next"]
            path = f"/v1/{kind}?{urllib.parse.urlencode({**asked, 'cursor': following})}" if following else None
        else:
            records += body["reviews"]
            path = body["next"].removeprefix(service.url) if body["next"] else None
    return records


@pytest.mark.parametrize("kind", NAMES)
def test_the_pages_hold_every_record_once_as_the_drops_deliver_it(
    service: SurveyServer, company: Any, kind: str
) -> None:
    pattern = "reviews.ndjson" if kind == "reviews" else f"surveys/{kind}_*.ndjson"
    delivered = list(company.json_rows(pattern))
    found = [
        {name: value for name, value in record.items() if name != "updatedAt"} for record in read_all(service, kind)
    ]
    assert sorted(map(str, found)) == sorted(map(str, delivered))
    assert service.loaded[kind] == len(delivered)


def test_since_gives_what_was_received_from_then_on_oldest_first(service: SurveyServer) -> None:
    everything = read_all(service, "answers")
    assert [record["updatedAt"] for record in everything] == sorted(record["updatedAt"] for record in everything)
    since = everything[len(everything) * 2 // 3]["updatedAt"]
    later = read_all(service, "answers", since)
    assert later == [record for record in everything if record["updatedAt"] >= since]
    assert 0 < len(later) < len(everything)
    assert service.count("answers", since) == len(later)


def test_only_a_token_opens_it(service: SurveyServer) -> None:
    assert get(service, "/v1/answers", "guessed")[0] == 401
    with pytest.raises(urllib.error.HTTPError, match="401"):
        new_token(service, "guessed")
    assert service.secret not in repr(service)


def test_it_throttles_whoever_asks_too_fast_and_says_how_long_to_wait(service: SurveyServer) -> None:
    token, answers = new_token(service, service.secret), []
    for _ in range(3 * BURST):
        try:
            answers.append(get(service, "/v1/reviews?limit=1", token))
        except http.client.IncompleteRead:
            continue
    throttled = [headers for status, _, headers in answers if status == 429]
    assert throttled
    assert {headers["Retry-After"] for headers in throttled} == {"1"}


def test_it_fails_and_breaks_off_now_and_then(service: SurveyServer) -> None:
    token, before = new_token(service, service.secret), service.happened()
    for _ in range(2 * FAILS_EVERY * BREAKS_OFF_EVERY // 5):
        get_until_it_answers(service, f"/v1/answers?limit={LARGEST_PAGE}", token)
    after = service.happened()
    assert after["failed"] > before.get("failed", 0)
    assert after["broken_off"] > before.get("broken_off", 0)


def test_what_it_took_outlives_a_restart(service: SurveyServer) -> None:
    count = service.count("reviews")
    service.add("reviews", [{"id": "RV1", "updatedAt": "2026-07-01T18:00:00+08:00"}])
    service.server.kill()
    service.server.start()
    assert read_all(service, "reviews", "2026-07-01T18:00:00+08:00") == [
        {"id": "RV1", "updatedAt": "2026-07-01T18:00:00+08:00"}
    ]
    assert service.count("reviews") == count + 1
