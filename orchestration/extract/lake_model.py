"""The typed form of a profile's `warehouse`: where else than in this machine's files its versions are kept."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from orchestration.extract.source_models import Strict


class Lake(Strict):
    """A DuckLake: which rows are in which Parquet files is kept in a PostgreSQL database, the files in a folder.

    `catalog` is the URL of the database, with user and password; `schema` the schema in it that readers are given, by
    default one for the only company of that database; `data_path` the folder, the same on every machine.
    """

    catalog: SecretStr
    data_path: str
    # PostgreSQL cuts names after 63 characters, and a build adds its own name to this one.
    schema_name: Annotated[str, Field(alias="schema", pattern="^[a-z][a-z0-9_]{0,29}$")] = "aftersales"

    @field_validator("catalog")
    @classmethod
    def _url_of_a_database(cls, catalog: SecretStr) -> SecretStr:
        # Imported late: most profiles have no lake, and would wait for the driver.
        import psycopg  # noqa: PLC0415
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

        url = catalog.get_secret_value()
        try:
            parts = conninfo_to_dict(url)
            split = urlsplit(url)
            is_one = split.scheme in {"postgresql", "postgres"} and split.port != 0
        except (psycopg.Error, ValueError):
            # What libpq says of it may quote the password.
            parts, is_one = {}, False
        if not (is_one and parts.get("host") and parts.get("user") and parts.get("dbname")):
            raise ValueError("expected a URL such as postgresql://builder:…@catalog.example.com:5432/lake")
        return catalog

    @field_validator("data_path")
    @classmethod
    def _whole_path(cls, path: str) -> str:
        if not PurePosixPath(path).is_absolute() or "://" in path:
            raise ValueError("expected an absolute path, the same on every machine, such as /mnt/warehouse/lake")
        return path


class Warehouse(Strict):
    """Where builds write: always a file of this machine; with `lake`, a DuckLake too."""

    lake: Lake | None = None
