"""The typed form of a company profile: what it may say, and what each part of it means."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from orchestration.extract.alert_models import Alerts
from orchestration.extract.contract import Feed
from orchestration.extract.encoding_names import codec_of
from orchestration.extract.lake_model import Warehouse
from orchestration.extract.privacy import Privacy
from orchestration.extract.source_models import Pagination, Source, Strict, time_zone

# Part of every fingerprint: raise it when the same profile would land other values than before.
MAPPING_VERSION = 2

# What a binding says that does not change what it lands.
_NOT_LANDED = {"preset", "line", "column_lines", "allowed_rejects", "fresh_within_hours"}


class Title(Strict):
    """The company's name in both languages of the report."""

    en: str
    zh: str


class Cursor(Strict):
    """The column by which only new and changed rows are read, and how far back each read looks again.

    rest: `parameter` carries where to begin (and `until_parameter` where to end a window), as the strftime `format`:
    in the source's zone, or in UTC where the format ends in Z; %s are seconds since 1970, %s000 milliseconds (also in
    the column). Without a format it is written as the service writes the column.
    """

    column: str
    parameter: str | None = None
    until_parameter: str | None = None
    format: str | None = None
    lookback_days: Annotated[int, Field(ge=0)] = 0


class ColumnMapping(Strict):
    """Where a column comes from: an expression over the delivered columns, then a value map, then a cast.

    `format` is that of its dates (default: ISO), `time_zone` that of its naive values (default: the source's).
    """

    expr: str
    format: str | None = None
    time_zone: str | None = None
    values: dict[str, str | None] = {}


class Binding(Strict):
    """One place that feeds a feed.

    Where: `path` (files), `table` or `query` (sql), `endpoint` (rest). `where` leaves out delivered rows that do not
    belong to the feed; `deleted` says which delivered rows mean that their key is gone; `windows` are window
    definitions by name, for expressions that say `over name`. `line` and `column_lines` say where the profile wrote it.
    """

    source: str
    # The preset that the loader has merged into this binding.
    preset: str | None = None
    # files
    path: str | None = None
    format: Literal["csv", "tsv", "ndjson", "json", "parquet", "xlsx"] | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    skip_rows: Annotated[int, Field(ge=0)] = 0
    # The names of the columns, where the files (csv, tsv, xlsx) begin without a line that says them.
    header: tuple[str, ...] = ()
    sheet: str | None = None
    # sql
    table: str | None = None
    query: str | None = Field(default=None, repr=False)
    # Source columns that identify a row: all of them are read each time, so that rows deleted in the source are found.
    compare_keys: tuple[str, ...] = ()
    # rest
    endpoint: str | None = None
    params: dict[str, str] = {}
    records: str | None = None
    paginate: Pagination | None = None
    # all
    cursor: Cursor | None = None
    where: str | None = Field(default=None, repr=False)
    deleted: str | None = Field(default=None, repr=False)
    windows: dict[str, str] = {}
    columns: dict[str, ColumnMapping] = {}
    # Keep the delivered columns that no expression of the mapping names, as JSON in _overflow.
    overflow: bool = False
    # A landing with a greater share of rejects stops its feed: the source has changed, not a row gone bad.
    allowed_rejects: Annotated[float, Field(ge=0, le=1)] = 0.05
    # The newest version of the feed's rows must not be older than this at the end of a landing; a warning if it is.
    fresh_within_hours: Annotated[float, Field(gt=0)] | None = None
    line: int = 0
    column_lines: dict[str, int] = {}

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str | None) -> str | None:
        if name is not None:
            codec_of(name)
        return name

    @field_validator("delimiter")
    @classmethod
    def _parting_delimiter(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and (delimiter.isalnum() or delimiter in '"\n\r\0'):
            raise ValueError("cannot part values; write a sign such as ',', ';', '|' or \"\\t\"")
        return delimiter

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {name: {"expr": value} if isinstance(value, str) else value for name, value in columns.items()}

    @model_validator(mode="after")
    def _one_place(self) -> Binding:
        if sum(place is not None for place in (self.path, self.table, self.query, self.endpoint)) != 1:
            raise ValueError("needs one of path (files), table or query (sql), endpoint (rest)")
        return self


class ArchivePolicy(Strict):
    """How long the archive of what was landed keeps each landing apart; older ones may be folded into one base.

    Without `keep_days` they are kept for good, and every instant can be told.
    """

    keep_days: Annotated[int, Field(ge=1)] | None = None


class Profile(Strict):
    """A company, validated. `as_of` is an aware instant, or None for the start of the build."""

    name: str
    title: Title
    time_zone: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    as_of: datetime | None = None
    sources: dict[str, Source] = {}
    feeds: dict[str, Annotated[tuple[Binding, ...], Field(min_length=1)]] = {}
    policies: dict[str, Path] = {}
    privacy: Privacy = Privacy()
    archive: ArchivePolicy = ArchivePolicy()
    alerts: Alerts = Alerts()
    warehouse: Warehouse = Warehouse()
    fingerprint: str = ""
    file: Path = Path()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return time_zone(zone)

    @field_validator("as_of", mode="before")
    @classmethod
    def _aware(cls, text: object) -> object:
        if isinstance(text, str):
            try:
                instant = datetime.fromisoformat(text)
            except ValueError:
                instant = None
            if instant is None or instant.tzinfo is None:
                raise ValueError("expected an ISO instant with its offset, such as 2026-07-01T00:00:00+08:00")
            return instant
        return text

    @property
    def title_en(self) -> str:
        """English name of the company."""
        return self.title.en

    @property
    def title_zh(self) -> str:
        """Chinese name of the company."""
        return self.title.zh

    def zone_of(self, source: str) -> str:
        """Return the IANA zone of the naive timestamps of `source`."""
        return self.sources[source].time_zone or self.time_zone

    def delivers(self, feed: Feed) -> bool:
        """Whether there is anything to land for a feed or policy table: of a policy, the file that ships or its own."""
        if feed.schema == "policy":
            return not feed.ships_empty or feed.name in self.policies
        return feed.name in self.feeds

    def binding_fingerprint(self, binding: Binding, feed: Feed) -> str:
        """Hash everything that decides what `binding` lands: another hash means it has to be landed again."""
        source = self.sources[binding.source]
        what = [
            MAPPING_VERSION,
            binding.model_dump(mode="json", exclude=_NOT_LANDED),
            [self.zone_of(binding.source), source.id_space, source.null_markers],
            [(c.name, c.type, c.required, c.identifier, c.allowed_values) for c in feed.columns],
            [feed.key, feed.version],
        ]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
