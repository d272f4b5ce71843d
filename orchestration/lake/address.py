"""Where a lake is, for this process and for dbt's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

_CATALOG, _SCHEMA, _DATA = "AFTERSALES_LAKE_CATALOG", "AFTERSALES_LAKE_SCHEMA", "AFTERSALES_LAKE_DATA"

# What dbt is told by its environment, as it is the pseudonyms' salt: it stands in no file and no argument.
VARIABLES = (_CATALOG, _SCHEMA, _DATA)


@dataclass(frozen=True)
class LakeAddress:
    """A lake: the URL of the PostgreSQL database of its catalog, the schema in it, and the folder of its files."""

    catalog: str = field(repr=False)
    schema: str
    data_path: Path

    @property
    def folder(self) -> Path:
        """The folder of this schema's files."""
        return self.data_path / self.schema

    def with_schema(self, schema: str) -> LakeAddress:
        """Another lake of the same database, in the same folder."""
        return replace(self, schema=schema)

    def as_environment(self) -> dict[str, str]:
        """The variables of the environment that `address_in` reads."""
        return {_CATALOG: self.catalog, _SCHEMA: self.schema, _DATA: str(self.data_path)}


def address_in(environment: Mapping[str, str]) -> LakeAddress:
    """The lake that a build names in the environment of dbt; KeyError names the variable that is missing."""
    return LakeAddress(environment[_CATALOG], environment[_SCHEMA], Path(environment[_DATA]))
