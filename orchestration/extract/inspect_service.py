"""Looks at an HTTP service that `profile new` is pointed at: where the records are, and how it pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from dlt.sources.helpers.rest_client.detector import (
    PaginatorFactory,
    cursor_paginator_detector,
    find_response_page_data,
    header_links_detector,
    json_links_detector,
    pages_number_paginator_detector,
    single_page_detector,
)
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    PageNumberPaginator,
)
from pydantic import SecretStr
from requests import Response

from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.connectors.rest_auth import authenticator
from orchestration.extract.connectors.rest_http import Answer, open_session
from orchestration.extract.connectors.rest_secrets import Secrets
from orchestration.extract.errors import SourceError
from orchestration.extract.inspection import Inspection, Table, Written, look_at
from orchestration.extract.personal import words_of
from orchestration.extract.profile_checks import TODO
from orchestration.extract.source_models import BasicAuth, BearerAuth, RestSource

# A token of a next page says more than a number of pages.
_DETECTORS: list[Callable[[Response], tuple[BasePaginator, float]]] = [
    header_links_detector,
    json_links_detector,
    cursor_paginator_detector,
    pages_number_paginator_detector,
    single_page_detector,
]
# Parameters of a URL whose value is a secret, by a word of their name.
_SECRET_WORDS = {"key", "apikey", "token", "secret", "password", "signature", "sig", "auth", "access"}


def inspect_service(url: str, sessions: Sessions, limit_rows: int, bearer: tuple[str, str] | None) -> Inspection:
    """Look at what a GET of `url` answers. `bearer` is the variable that holds a token, and the token.

    SourceError says why it cannot be read.
    """
    parts = urlsplit(url)
    folder, _, endpoint = parts.path.rstrip("/").rpartition("/")
    host = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, host, folder, "", ""))
    name = "_".join(word for word in words_of(parts.hostname or "service") if word.isalpha()) or "service"
    name = name.split("_www_")[-1]
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    secret = {key: f"{name}_{key}".upper().replace("-", "_") for key in params if _SECRET_WORDS & set(words_of(key))}
    source = RestSource(name=name, connector="rest", url=base, request_attempts=2)
    written: dict[str, Written] = {"connector": "rest", "url": base}
    variables = list(secret.values())
    if bearer:
        source = source.model_copy(update={"auth": BearerAuth(kind="bearer", token=SecretStr(bearer[1]))})
        written["auth"] = {"kind": "bearer", "token": f"${{{bearer[0]}}}"}
        variables.append(bearer[0])
    elif parts.username:
        variable = f"{name}_password".upper()
        user, password = unquote(parts.username), unquote(parts.password or "")
        source = source.model_copy(update={"auth": BasicAuth(kind="basic", user=user, password=SecretStr(password))})
        written["auth"] = {"kind": "basic", "user": user, "password": f"${{{variable}}}"}
        variables.append(variable)
    keys: dict[str, Written] = {"endpoint": endpoint or "/", **({"params": params} if params else {})}
    found, remarks = _shape(source, keys, params)
    # Looked at is the first answer: how the service pages is a guess that its owner has to confirm.
    records = {key: value for key, value in found.items() if key == "records"}
    first = Table(f"GET {parts.path or '/'}", {**keys, **records}, words_of(parts.path)[::-1])
    table = replace(look_at(first, source, sessions, limit_rows), keys={**keys, **found})
    shown: dict[str, Written] = {name: f"${{{secret[name]}}}" if name in secret else params[name] for name in params}
    table = replace(table, keys={**table.keys, **({"params": shown} if shown else {})}, remarks=remarks)
    return Inspection(name, urlunsplit((parts.scheme, host, parts.path, "", "")), written, tuple(variables), (table,))


def _shape(
    source: RestSource, keys: Mapping[str, Written], params: Mapping[str, str]
) -> tuple[dict[str, Written], tuple[str, ...]]:
    """Ask once, and find the records and the next page in the answer."""
    secrets = Secrets(source)
    url = f"{source.url.rstrip('/')}/{str(keys['endpoint']).lstrip('/')}"
    with secrets.kept_out_of_logs(), open_session(source, source.url, secrets, lambda _: None) as session:
        answer = session.get(url, params=params, auth=authenticator(source, secrets, lambda _: None))
        assert isinstance(answer, Answer)  # the only kind that our sessions give
        body = answer.json()
        path, records = find_response_page_data(body)
        if not isinstance(records, list):
            raise SourceError(
                f"there is no list of records in the answer to {answer.name}; point at an endpoint that lists them. "
                f"{answer.quoted}"
            )
        paginator, _ = PaginatorFactory(_DETECTORS).create_paginator(answer)
    # The body itself may be the list.
    found: dict[str, Written] = {"records": ".".join(path)} if isinstance(body, dict) else {}
    paginate = _pagination(paginator)
    remarks = [f"{len(records):,} records in the first answer, which alone was looked at"]
    if paginate:
        found["paginate"] = paginate
        remarks.append("`paginate` is a guess by that answer: compare it with the service's documentation")
    else:
        remarks.append("no sign of a next page in it: if there are more, write how the service pages (`paginate`)")
    return found, tuple(remarks)


def _pagination(paginator: BasePaginator) -> dict[str, Written]:
    match paginator:
        case HeaderLinkPaginator():
            return {"kind": "link_header"}
        case JSONLinkPaginator():
            return {"kind": "next_url", "next": str(paginator.next_url_path)}
        case JSONResponseCursorPaginator():
            return {"kind": "cursor", "next": str(paginator.cursor_path), "parameter": TODO}
        case PageNumberPaginator():
            return {"kind": "page", "parameter": "page", "first": 1}
        case _:
            return {}
