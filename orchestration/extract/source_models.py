"""The typed form of a profile's sources: one model for each connector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

# Relative folders and files of a profile start here, wherever the command was called.
PROJECT_ROOT = Path(__file__).parents[2]


class Strict(BaseModel):
    """A part of a profile: it may say nothing that is unknown, and errors never show its values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def time_zone(zone: str) -> str:
    """Return `zone`; ValueError if there is no such IANA zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not an IANA time zone; write one such as Asia/Shanghai, Europe/London or UTC") from None
    return zone


def http_url(url: str) -> str:
    """Return `url`; ValueError if it is none of a service, or holds more than where that is."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("expected an http or https URL such as https://crm.example.com/api/v2")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("expected no user, password or parameters in it; write `auth`, and `params` where they belong")
    return url


class Retry(Strict):
    """How often a feed is tried again when its source fails in a way that may pass, and how long before the first."""

    attempts: Annotated[int, Field(ge=0, le=20)] = 3
    wait_seconds: Annotated[float, Field(ge=0)] = 10


class BaseSource(Strict):
    """What every source may say: `time_zone` of its naive timestamps, `id_space` that keeps its ids apart."""

    name: str = ""
    time_zone: str = ""
    id_space: str | None = None
    null_markers: tuple[str, ...] = ("",)
    retry: Retry = Retry()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return time_zone(zone) if zone else zone

    @field_validator("null_markers", mode="before")
    @classmethod
    def _markers(cls, markers: object) -> object:
        return ["" if marker is None else marker for marker in markers] if isinstance(markers, list) else markers


class FilesSource(BaseSource):
    """A folder of files, or the objects of an S3-compatible store whose names begin with `root` (s3://bucket/prefix).

    A store's keys default to those of the environment (AWS_ACCESS_KEY_ID and so on); `endpoint_url` names a store that
    is not Amazon's.
    """

    connector: Literal["files"]
    root: str
    endpoint_url: str | None = None
    region: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None

    @field_validator("root")
    @classmethod
    def _folder_or_bucket(cls, root: str) -> str:
        scheme, is_url, place = root.partition("://")
        if is_url and (scheme != "s3" or not place.strip("/")):
            raise ValueError("expected a folder, or s3://bucket/prefix with `endpoint_url` for a store not Amazon's")
        return root

    @field_validator("endpoint_url")
    @classmethod
    def _plain(cls, url: str | None) -> str | None:
        return None if url is None else http_url(url)

    @model_validator(mode="after")
    def _both_keys(self) -> FilesSource:
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key belong together: write both or none")
        return self

    @property
    def is_remote(self) -> bool:
        """Whether the files are objects of a store."""
        return "://" in self.root

    @property
    def folder(self) -> Path:
        """The folder; a relative one starts at the project."""
        return PROJECT_ROOT / self.root


class SqlSource(BaseSource):
    """A database; `template` is the URL as the profile writes it, without the values of its variables."""

    connector: Literal["sql"]
    url: SecretStr
    template: str = ""


class BearerAuth(Strict):
    """A token in the Authorization header."""

    kind: Literal["bearer"]
    token: SecretStr


class BasicAuth(Strict):
    """A user and a password."""

    kind: Literal["basic"]
    user: str
    password: SecretStr


class ApiKeyAuth(Strict):
    """A key in a header or a parameter called `name`."""

    kind: Literal["api_key"]
    key: SecretStr
    name: str = "X-API-Key"
    location: Literal["header", "query"] = "header"


class OAuth2Auth(Strict):
    """OAuth 2.0 client credentials: a token from `token_url`, renewed when it expires.

    `params` are asked for beside them, such as the audience that some services want.
    """

    kind: Literal["oauth2"]
    token_url: str
    client_id: str
    client_secret: SecretStr
    scope: str | None = None
    params: dict[str, str] = {}

    @field_validator("token_url")
    @classmethod
    def _plain(cls, url: str) -> str:
        return http_url(url)


Auth = Annotated[BearerAuth | BasicAuth | ApiKeyAuth | OAuth2Auth, Field(discriminator="kind")]


class NoPagination(Strict):
    """All records come in one response."""

    kind: Literal["none"]


class PagePagination(Strict):
    """Pages are asked for by number from `first` on, until one is empty.

    Or until the body's `total_pages` (a path) is met, or its `has_more` (a path) is false.
    """

    kind: Literal["page"]
    parameter: str = "page"
    first: int = 1
    size_parameter: str | None = None
    size: int | None = None
    total_pages: str | None = None
    has_more: str | None = None

    @model_validator(mode="after")
    def _whole_size(self) -> PagePagination:
        if (self.size is None) != (self.size_parameter is None):
            raise ValueError("size and size_parameter belong together: write both or none")
        return self


class OffsetPagination(Strict):
    """Records are asked for by offset and limit, until a page is empty.

    Or until the body's `total` (a path) is reached, or its `has_more` (a path) is false. The offset grows by the
    records that came: a service may give fewer than the limit.
    """

    kind: Literal["offset"]
    size: Annotated[int, Field(gt=0)]
    parameter: str = "offset"
    size_parameter: str = "limit"
    total: str | None = None
    has_more: str | None = None


class CursorPagination(Strict):
    """The body has, at path `next`, the token that `parameter` hands back for the next page; none ends.

    So does a false `has_more` (a path), for services whose last page has a token too.
    """

    kind: Literal["cursor"]
    next: str
    parameter: str = "cursor"
    has_more: str | None = None


class LinkPagination(Strict):
    """The Link header names the next page (RFC 8288, rel="next")."""

    kind: Literal["link_header"]


class NextUrlPagination(Strict):
    """The body has, at path `next`, the URL of the next page; none ends."""

    kind: Literal["next_url"]
    next: str


Pagination = Annotated[
    NoPagination | PagePagination | OffsetPagination | CursorPagination | LinkPagination | NextUrlPagination,
    Field(discriminator="kind"),
]


class RestSource(BaseSource):
    """A JSON service over HTTP: where it is, who we are, how it pages, and how gently it wants to be asked.

    A request that fails in a way that may pass is sent again, up to `request_attempts` times: after `wait_seconds`,
    then twice that and so on, or when the service says (Retry-After); longer than `max_wait_seconds` nobody waits.
    """

    connector: Literal["rest"]
    url: str
    auth: Auth | None = None
    headers: dict[str, SecretStr] = {}
    paginate: Pagination = NoPagination(kind="none")
    timeout_seconds: Annotated[float, Field(gt=0)] = 30
    request_attempts: Annotated[int, Field(ge=1)] = 5
    wait_seconds: Annotated[float, Field(gt=0)] = 1
    max_wait_seconds: Annotated[float, Field(gt=0)] = 300
    requests_per_second: Annotated[float, Field(gt=0)] | None = None
    # More pages than this in one read are taken for a service that never ends.
    max_pages: Annotated[int, Field(gt=0)] = 100_000

    @field_validator("url")
    @classmethod
    def _plain(cls, url: str) -> str:
        return http_url(url)


Source = Annotated[FilesSource | SqlSource | RestSource, Field(discriminator="connector")]
