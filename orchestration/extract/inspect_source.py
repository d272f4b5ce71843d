"""Decides what `profile new` was pointed at: files, an object store, a database or an HTTP service."""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.errors import SourceError
from orchestration.extract.inspect_database import inspect_database
from orchestration.extract.inspect_files import inspect_files
from orchestration.extract.inspection import LIMIT_ROWS, Inspection


def inspect_source(
    place: str, environment: Mapping[str, str], *, bearer: str | None = None, limit_rows: int = LIMIT_ROWS
) -> Inspection:
    """Look at `place`; `bearer` names the variable of `environment` that holds an HTTP service's token.

    AWS_ENDPOINT_URL of `environment` names an object store that is not Amazon's.

    SourceError says why there is nothing to see.
    """
    scheme = place.partition("://")[0].lower() if "://" in place else ""
    with Sessions() as sessions:
        if scheme in {"http", "https"}:
            # Imported late: its library takes half a second that other sources do not need.
            from orchestration.extract.inspect_service import inspect_service  # noqa: PLC0415

            token = environment.get(bearer or "", "")
            if bearer and not token:
                raise SourceError(f"the environment variable {bearer} is not set; set it to the token")
            return inspect_service(place, sessions, limit_rows, (bearer, token) if bearer else None)
        if scheme in {"", "s3"}:
            endpoint_url = environment.get("AWS_ENDPOINT_URL") if scheme else None
            return inspect_files(place, sessions, limit_rows, endpoint_url)
        return inspect_database(place, sessions, limit_rows)
