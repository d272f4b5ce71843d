"""Connectors: each brings what a source delivers into temporary relations of a DuckDB connection."""

from __future__ import annotations

from orchestration.extract.connectors.delivery import Connector
from orchestration.extract.connectors.files import FilesConnector
from orchestration.extract.connectors.sql import SqlConnector
from orchestration.extract.source_models import FilesSource, RestSource, SqlSource


def connector_for(source: FilesSource | SqlSource | RestSource) -> Connector:
    """Return the connector that reads `source`."""
    if isinstance(source, FilesSource):
        return FilesConnector(source)
    if isinstance(source, SqlSource):
        return SqlConnector(source)
    # Imported late: its library takes half a second that companies without such a source do not need.
    from orchestration.extract.connectors.rest import RestConnector  # noqa: PLC0415

    return RestConnector(source)
