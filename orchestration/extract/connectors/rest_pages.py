"""Reads the pages of one endpoint with dlt's client: strictly where it forgives, and never without an end.

A page that is not what the profile declares is an error: dlt takes a record path that is missing for an empty page.
While pages are read, the service's records may shift: a record added before the current page comes twice, which its
key heals; one that is removed there lets another slip past, which the next full read, or the lookback, brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.common.jsonpath import compile_path
from dlt.sources.helpers.requests.session import Session
from dlt.sources.helpers.rest_client.client import PageData, RESTClient
from dlt.sources.helpers.rest_client.detector import find_next_page_path, find_response_page_data
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)
from jsonpath_ng import Child, Fields, Index, JSONPath, Root, This
from jsonpath_ng.exceptions import JSONPathError
from requests import Request, Response
from requests.auth import AuthBase
from requests.exceptions import RequestException

from orchestration.extract.connectors.rest_http import Answer, check_status
from orchestration.extract.connectors.rest_json import Json, Number
from orchestration.extract.errors import SourceError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import (
    CursorPagination,
    LinkPagination,
    NextUrlPagination,
    NoPagination,
    OffsetPagination,
    PagePagination,
    Pagination,
    RestSource,
)

_KEYS_SHOWN = 20


class Pages:
    """The pages of `binding`'s endpoint; who counts them has to say what each of them held, by `held`."""

    def __init__(self, source: RestSource, binding: Binding, session: Session, auth: AuthBase) -> None:
        self._source = source
        self._binding = binding
        self._pagination = binding.paginate or source.paginate
        headers = {name: value.get_secret_value() for name, value in source.headers.items()}
        self._client = _StrictClient(
            source.url,
            headers={"Accept": "application/json", **headers},
            auth=auth,
            session=session,
            data_selector=_path(binding.records or "$", "records"),
            config=RuntimeConfiguration(),
        )
        self._asked: set[tuple[str, frozenset[tuple[str, str]]]] = set()
        self._contents: set[bytes] = set()
        self._page: PageData[Any] | None = None
        self.count = 0
        # Where the answer names a next page, although all records should come in one.
        self.unread_next = ""

    def read(self, parameters: Mapping[str, str]) -> Iterator[PageData[Any]]:
        """Ask for page after page; each is emptied when the next is asked for.

        SourceError names what is not as declared, or what never ends.
        """
        self._asked.clear()
        self._contents.clear()
        size = {}
        if isinstance(self._pagination, PagePagination) and self._pagination.size_parameter:
            size[self._pagination.size_parameter] = str(self._pagination.size)
        pages = self._client.paginate(
            str(self._binding.endpoint),
            params={**self._binding.params, **size, **parameters},
            paginator=_paginator(self._pagination),
            hooks={"response": [check_status]},
        )
        for page in _with_short_errors(pages):
            self.count += 1
            self._page = page
            if isinstance(self._pagination, NoPagination):
                self.unread_next = _next_page(page.response)
            yield page
            self._refuse_endless(page)
            # dlt holds a page until it has the next: two of them in memory.
            page.clear()
            self._client.forget()

    def held(self, digest: bytes) -> None:
        """Note that the current page held records of this `digest`; SourceError if an earlier one held the same."""
        if digest in self._contents:
            raise SourceError(
                f"page {self.count} is the same as an earlier one: the service ignores how it is asked to go on; "
                f"check `paginate`. It was {self._name}"
            )
        self._contents.add(digest)

    def _refuse_endless(self, page: PageData[Any]) -> None:
        if not page.paginator.has_next_page:
            return
        if self.count >= self._source.max_pages:
            raise SourceError(
                f"there are more than {self._source.max_pages:,} pages (max_pages): an endless pagination? Check "
                f"`paginate`, or raise max_pages. The last was {self._name}"
            )
        # The paginator has already turned the request into that of the next page.
        parameters: Mapping[str, object] = page.request.params or {}  # type: ignore[assignment]
        following = (str(page.request.url), frozenset((name, str(value)) for name, value in parameters.items()))
        if following in self._asked:
            raise SourceError(
                f"after page {self.count} the service asks for a page that was read before: an endless pagination; "
                f"check `paginate`. The last was {self._name}"
            )
        self._asked.add(following)

    @property
    def _name(self) -> str:
        assert self._page is not None  # asked only after a page came
        assert isinstance(self._page.response, Answer)  # the only kind that our sessions give
        return self._page.response.name


class _StrictClient(RESTClient):
    """dlt's client, for which only a list of objects is a page, and which logs no request."""

    _answer: Answer | None = None
    _records: Sequence[object] = ()

    def forget(self) -> None:
        """Free the memory of the last page, whoever still holds it."""
        if self._answer is not None:
            self._answer.forget()
        if isinstance(self._records, list):
            self._records.clear()

    def extract_response(self, response: Response, data_selector: str | JSONPath) -> list[Any]:
        """Return the records of `response`; SourceError where they are not where the profile says."""
        assert isinstance(response, Answer)  # the only kind that our sessions give
        body, path = response.json(), compile_path(data_selector)
        found = [match.value for match in path.find(body)]
        if not found and _is_below_empty_list(path, body):
            return []
        problem = ""
        # A path such as items[*] finds the records themselves.
        records = found if _finds_many(path) else found[0] if found else None
        if not found:
            problem = "there is nothing"
        elif not isinstance(records, list):
            problem = f"there is {_kind(records)}"
        elif others := [record for record in records if not isinstance(record, dict)]:
            problem = f"{len(others):,} of {len(records):,} are no objects (the first is {_kind(others[0])})"
        else:
            self._answer, self._records = response, records
            return records
        raise SourceError(
            f"expected a list of objects at `records` ({path}) in the answer to {response.name}, but {problem}; "
            f"correct `records`{_elsewhere(body)}. {response.quoted}"
        )

    def _log_request(self, request: Request, prepared_url: str) -> None:
        """Log nothing: at its debug level dlt would write parameters and headers as they are."""


class _Offset(OffsetPaginator):
    """Goes on by what came: going on by the limit would leave gaps where a service gives fewer than it is asked for."""

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        self.value_step = len(data or ())
        super().update_state(response, data)


class _Link(JSONLinkPaginator):
    """Takes an empty text, as some services end with, for no next page."""

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        following = self._next_reference or None
        if following is not None and type(following) is not str:
            raise ValueError(f"the next page at {self.next_url_path} is {_kind(following)}, expected a URL")
        self._next_reference = following


def _with_short_errors(pages: Iterator[PageData[Any]]) -> Iterator[PageData[Any]]:
    """Give `pages`; where dlt does not find how to go on, its message would hold the whole answer."""
    try:
        yield from pages
    except RequestException:
        raise
    except ValueError as error:
        raise SourceError(f"the service does not say how to go on; check `paginate`. {str(error)[:300]}") from None


def _paginator(pagination: Pagination) -> BasePaginator:
    match pagination:
        case NoPagination():
            return SinglePagePaginator()
        case PagePagination(total_pages=total, has_more=more):
            return PageNumberPaginator(
                base_page=pagination.first,
                page_param=pagination.parameter,
                total_path=_optional_path(total, "total_pages"),
                has_more_path=_optional_path(more, "has_more"),
                # Where the service says how many pages there are, an empty one among them is not the last.
                stop_after_empty_page=total is None and more is None,
            )
        case OffsetPagination(total=total, has_more=more):
            return _Offset(
                limit=pagination.size,
                offset_param=pagination.parameter,
                limit_param=pagination.size_parameter,
                total_path=_optional_path(total, "total"),
                has_more_path=_optional_path(more, "has_more"),
                stop_after_empty_page=total is None and more is None,
            )
        case CursorPagination(has_more=more):
            return JSONResponseCursorPaginator(
                cursor_path=_path(pagination.next, "next"),
                cursor_param=pagination.parameter,
                has_more_path=_optional_path(more, "has_more"),
            )
        case LinkPagination():
            return HeaderLinkPaginator()
        case NextUrlPagination():
            return _Link(next_url_path=_path(pagination.next, "next"))


def _path(text: str, key: str) -> JSONPath:
    try:
        return compile_path(text)
    except (JSONPathError, AttributeError) as error:
        raise SourceError(
            f"`{key}: {text}` is no path; write one such as data.items, or quote a name with signs in it: "
            f'"page-info".next ({error})'
        ) from None


def _optional_path(text: str | None, key: str) -> JSONPath | None:
    return None if text is None else _path(text, key)


def _finds_many(path: JSONPath) -> bool:
    """Whether `path` may find several values, as items[*] does."""
    if isinstance(path, Child):
        return _finds_many(path.left) or _finds_many(path.right)
    if isinstance(path, Fields):
        return path.fields != tuple(field for field in path.fields[:1] if field != "*")
    return not isinstance(path, Root | This | Index)


def _is_below_empty_list(path: JSONPath, body: Json) -> bool:
    """Whether `path` finds nothing because a list on its way is empty: some services write an empty object as one."""
    while isinstance(path, Child):
        path = path.left
        found = [match.value for match in path.find(body)]
        if found:
            return all(value == [] for value in found)
    return False


def _elsewhere(body: Json) -> str:
    """Tell where in `body` there is a list that may be meant."""
    if isinstance(body, list):
        return ": the body itself is a list, leave it out"
    path, value = find_response_page_data(body)
    return f"; there is a list at {'.'.join(path)}" if isinstance(value, list) else ""


def _next_page(response: Response) -> str:
    """Where `response` names a next page; empty where it names none."""
    if "next" in response.links:
        return "the Link header"
    path, value = find_next_page_path(response.json())
    return ".".join(path) if value else ""


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        keys = list(value)
        more = ", …" if len(keys) > _KEYS_SHOWN else ""
        return f"an object with the keys {', '.join(keys[:_KEYS_SHOWN])}{more}" if keys else "an empty object"
    if isinstance(value, Number):
        return "a number"
    names = {list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null")
