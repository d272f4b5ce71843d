"""Connectors: each brings what a source delivers into temporary relations of a DuckDB connection."""

from __future__ import annotations

from orchestration.extract.connectors.delivery import Connector
from orchestration.extract.connectors.files import FilesConnector
from orchestration.extract.connectors.sql import SqlConnector
from orchestration.extract.profile_model import FilesSource, SqlSource


def connector_for(source: FilesSource | SqlSource) -> Connector:
    """Return the connector that reads `source`."""
    return FilesConnector(source) if isinstance(source, FilesSource) else SqlConnector(source)
