"""The typed form of a company profile: what it may say, and what each part of it means."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from orchestration.extract.contract import Feed

# Relative folders and files of a profile start here, wherever the command was called.
PROJECT_ROOT = Path(__file__).parents[2]

# Part of every fingerprint: raise it when the same profile would land other values than before.
MAPPING_VERSION = 1


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Title(_Model):
    """The company's name in both languages of the report."""

    en: str
    zh: str


class BaseSource(_Model):
    """What every source may say: `time_zone` of its naive timestamps, `id_space` that keeps its ids apart."""

    name: str = ""
    time_zone: str = ""
    id_space: str | None = None
    null_markers: tuple[str, ...] = ("",)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return _time_zone(zone) if zone else zone

    @field_validator("null_markers", mode="before")
    @classmethod
    def _markers(cls, markers: object) -> object:
        return ["" if marker is None else marker for marker in markers] if isinstance(markers, list) else markers


class FilesSource(BaseSource):
    """A folder of files."""

    connector: Literal["files"]
    root: str

    @property
    def folder(self) -> Path:
        """The folder; a relative one starts at the project."""
        return PROJECT_ROOT / self.root


class SqlSource(BaseSource):
    """A database; `template` is the URL as the profile writes it, without the values of its variables."""

    connector: Literal["sql"]
    url: SecretStr
    template: str = ""


Source = Annotated[FilesSource | SqlSource, Field(discriminator="connector")]


class Cursor(_Model):
    """The column by which only new and changed rows are read, and how far back each read looks again."""

    column: str
    lookback_days: Annotated[int, Field(ge=0)] = 0


class ColumnMapping(_Model):
    """Where a column comes from: an expression over the delivered columns, then a value map, then a cast."""

    expr: str
    format: str | None = None
    values: dict[str, str | None] = {}


class Binding(_Model):
    """One place that feeds a feed.

    `where` leaves out delivered rows that do not belong to the feed; `windows` are window definitions by name, for
    expressions that say `over name`. `line` and `column_lines` say where the profile wrote it.
    """

    source: str
    path: str | None = None
    format: Literal["csv", "tsv", "ndjson", "parquet"] | None = None
    table: str | None = None
    query: str | None = Field(default=None, repr=False)
    cursor: Cursor | None = None
    where: str | None = Field(default=None, repr=False)
    windows: dict[str, str] = {}
    columns: dict[str, ColumnMapping] = {}
    line: int = 0
    column_lines: dict[str, int] = {}

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {name: {"expr": value} if isinstance(value, str) else value for name, value in columns.items()}

    @model_validator(mode="after")
    def _one_place(self) -> Binding:
        if sum(place is not None for place in (self.path, self.table, self.query)) != 1:
            raise ValueError("needs one of path (files), table or query (sql)")
        return self


class Profile(_Model):
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
    fingerprint: str = ""
    file: Path = Path()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return _time_zone(zone)

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

    def binding_fingerprint(self, binding: Binding, feed: Feed) -> str:
        """Hash everything that decides what `binding` lands: another hash means it has to be landed again."""
        source = self.sources[binding.source]
        what = [
            MAPPING_VERSION,
            binding.model_dump(mode="json", exclude={"line", "column_lines"}),
            [self.zone_of(binding.source), source.id_space, source.null_markers],
            [(c.name, c.type, c.required, c.identifier, c.allowed_values) for c in feed.columns],
            [feed.key, feed.version],
        ]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def _time_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not an IANA time zone; write one such as Asia/Shanghai, Europe/London or UTC") from None
    return zone
