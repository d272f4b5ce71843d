"""Mistakes of a profile that its typed form cannot show: names that do not exist, places that fit no connector."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from orchestration.extract.alert_models import Alerts, EmailRoute, WebhookRoute
from orchestration.extract.contract import Feed
from orchestration.extract.lake_model import Lake, Warehouse
from orchestration.extract.privacy import Privacy
from orchestration.extract.profile_model import Binding, ColumnMapping, Cursor, Profile, Title
from orchestration.extract.profile_yaml import Mistake, Place, Plain
from orchestration.extract.source_models import (
    ApiKeyAuth,
    BaseSource,
    BasicAuth,
    BearerAuth,
    CursorPagination,
    FilesSource,
    LinkPagination,
    NextUrlPagination,
    NoPagination,
    OAuth2Auth,
    OffsetPagination,
    PagePagination,
    RestSource,
    Retry,
    SqlSource,
    Strict,
)

# What a draft (`profile new`) writes where only the company knows what belongs there.
TODO = "TODO"

# Attributes that the loader fills in: in a profile they are as unknown as any other key.
LOADED_KEYS = {"fingerprint", "file", "template", "line", "column_lines"}

_CONNECTORS: Mapping[str, type[BaseSource]] = {"files": FilesSource, "sql": SqlSource, "rest": RestSource}
_AUTH: Mapping[str, type[Strict]] = {
    "bearer": BearerAuth,
    "basic": BasicAuth,
    "api_key": ApiKeyAuth,
    "oauth2": OAuth2Auth,
}
_PAGINATION: Mapping[str, type[Strict]] = {
    "none": NoPagination,
    "page": PagePagination,
    "offset": OffsetPagination,
    "cursor": CursorPagination,
    "link_header": LinkPagination,
    "next_url": NextUrlPagination,
}
_ROUTES: Mapping[str, type[Strict]] = {"email": EmailRoute, "webhook": WebhookRoute}
_FILES_KEYS = {"path", "format", "encoding", "delimiter", "skip_rows", "header", "sheet"}
_SQL_KEYS = {"table", "query", "compare_keys"}
_REST_KEYS = {"endpoint", "params", "records", "paginate"}
_UNFIT_KEYS = {
    "files": {*_SQL_KEYS, *_REST_KEYS, "cursor"},
    "sql": {*_FILES_KEYS, *_REST_KEYS},
    "rest": {*_FILES_KEYS, *_SQL_KEYS},
}


def cross_check(value: dict[str, Plain], contract: Mapping[str, Feed]) -> list[Mistake]:
    """Find unknown keys, feeds, columns, sources, connectors and policy tables, each with the nearest that exists."""
    raw = {name: feed for name, feed in contract.items() if feed.schema == "raw"}
    policies = [name for name, feed in contract.items() if feed.schema == "policy"]
    sources = _mapping(value.get("sources"))
    mistakes = [
        *_unknown_keys(value, (), [*Profile.model_fields, "extends"]),
        *_unknown_keys(value.get("title"), ("title",), Title.model_fields),
        *_unknown_keys(value.get("privacy"), ("privacy",), Privacy.model_fields),
        *_unknown_keys(value.get("alerts"), ("alerts",), Alerts.model_fields),
        *_unknown_keys(value.get("warehouse"), ("warehouse",), Warehouse.model_fields),
        *_unknown_keys(
            _mapping(value.get("warehouse")).get("lake"),
            ("warehouse", "lake"),
            [field.alias or name for name, field in Lake.model_fields.items()],
        ),
    ]
    for name, source in sources.items():
        mistakes += _source_mistakes(("sources", name), _mapping(source))
    routes = _mapping(_mapping(value.get("alerts")).get("routes"))
    for name in routes:
        mistakes += _kind_mistakes(routes, ("alerts", "routes"), name, _ROUTES)
    for name in _mapping(value.get("policies")):
        if name not in policies:
            mistakes.append((("policies", name), f"there is no such policy table{nearest(name, policies)}"))
    for name, bindings in _mapping(value.get("feeds")).items():
        if name not in raw:
            mistakes.append((("feeds", name), f"the contract has no such feed{nearest(name, raw)}"))
        for index, binding in enumerate(bindings if isinstance(bindings, list) else ()):
            mistakes += _binding_mistakes(("feeds", name, index), _mapping(binding), sources, raw.get(name))
    return [*mistakes, *_to_do(value, ())]


def _to_do(value: Plain, place: Place) -> Iterator[Mistake]:
    """Find what is still to be filled in."""
    if value == TODO:
        yield place, f"is still {TODO}: fill it in, or delete the line if it is optional"
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _to_do(inner, (*place, key))


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of `known` was probably meant by `name`, or else which there are."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(names)}" if names else "; there are none"


def _source_mistakes(place: Place, source: dict[str, Plain]) -> Iterator[Mistake]:
    connector = source.get("connector")
    if not isinstance(connector, str) or connector not in _CONNECTORS:
        found = f"found {connector!r}, " if connector else ""
        yield (*place, "connector"), f"{found}expected one of {', '.join(_CONNECTORS)}"
        return
    yield from _unknown_keys(source, place, [name for name in _CONNECTORS[connector].model_fields if name != "name"])
    yield from _unknown_keys(source.get("retry"), (*place, "retry"), Retry.model_fields)
    yield from _kind_mistakes(source, place, "auth", _AUTH)
    yield from _kind_mistakes(source, place, "paginate", _PAGINATION)


def _binding_mistakes(
    place: Place, binding: dict[str, Plain], sources: dict[str, Plain], feed: Feed | None
) -> Iterator[Mistake]:
    yield from _unknown_keys(binding, place, Binding.model_fields)
    yield from _unknown_keys(binding.get("cursor"), (*place, "cursor"), Cursor.model_fields)
    yield from _kind_mistakes(binding, place, "paginate", _PAGINATION)
    name = binding.get("source")
    if isinstance(name, str) and name not in sources:
        yield (*place, "source"), f"there is no source {name!r}{nearest(name, sources)}"
    connector = _mapping(sources.get(name)).get("connector") if isinstance(name, str) else None
    for key in sorted(_UNFIT_KEYS.get(str(connector), set()) & binding.keys()):
        yield (*place, key), f"does not belong to a source of connector {connector}"
    if connector == "rest" and "cursor" in binding and "parameter" not in _mapping(binding["cursor"]):
        yield (*place, "cursor"), "of a rest source needs `parameter`: what the service calls the date to begin at"
    for column, mapping in _mapping(binding.get("columns")).items():
        known = [c.name for c in feed.columns] if feed else [column]
        if column not in known:
            yield (*place, "columns", column), f"the feed has no such column{nearest(column, known)}"
        yield from _unknown_keys(mapping, (*place, "columns", column), ColumnMapping.model_fields)


def _kind_mistakes(
    value: dict[str, Plain], place: Place, key: str, models: Mapping[str, type[Strict]]
) -> Iterator[Mistake]:
    """Look into the part under `key`, whose `kind` says what else it may say."""
    if key not in value:
        return
    part = _mapping(value[key])
    kind = part.get("kind")
    if not isinstance(kind, str) or kind not in models:
        found = f"found {kind!r}, " if kind else ""
        yield (*place, key, "kind"), f"{found}expected one of {', '.join(models)}"
        return
    yield from _unknown_keys(part, (*place, key), models[kind].model_fields)


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _unknown_keys(value: Plain, place: Place, fields: Iterable[str]) -> Iterator[Mistake]:
    known = [name for name in fields if name not in LOADED_KEYS]
    for key in _mapping(value):
        if key not in known:
            yield (*place, key), f"unknown key{nearest(key, known)}"
