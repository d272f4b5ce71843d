"""The rest connector: JSON over HTTP, page by page through a file on disk, whole or from a cursor on."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from dlt.sources.helpers.requests.session import Session
from requests.auth import AuthBase
from requests.exceptions import RequestException

from orchestration.extract.connectors.delivery import CursorState, Delivery, Notice, Part, Request, describe
from orchestration.extract.connectors.rest_auth import authenticator
from orchestration.extract.connectors.rest_cursor import parameters, position
from orchestration.extract.connectors.rest_http import open_session
from orchestration.extract.connectors.rest_pages import Pages
from orchestration.extract.connectors.rest_secrets import Secrets
from orchestration.extract.connectors.rest_spool import Spool
from orchestration.extract.errors import SourceError
from orchestration.extract.shown import first_line
from orchestration.extract.source_models import RestSource

_SECONDS_BETWEEN_TELLS = 5


@dataclass(frozen=True)
class _Service:
    """A service that is being asked."""

    session: Session
    auth: AuthBase
    secrets: Secrets


@dataclass(frozen=True)
class RestConnector:
    """Reads the endpoints of one service."""

    source: RestSource

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Bring each binding's records: all of them, or those from its cursor (less the lookback) on.

        A service has no transaction: records that change while the pages are read may come twice, in two versions,
        or be missed until the next full read or lookback.
        """
        parts: list[Part] = []
        cursors: list[CursorState] = []
        notices: list[Notice] = []
        notes: list[str] = []
        whole: dict[str, bool] = {}
        with self._open(request) as service:
            for index, binding in enumerate(request.bindings):
                place = str(binding.endpoint)
                with _named(describe(request, self.source, binding), service.secrets):
                    state = request.cursors.get(request.fingerprints[index]) if binding.cursor else None
                    asked = parameters(binding.cursor, state, request) if binding.cursor else {}
                    pages = Pages(self.source, binding, service.session, service.auth)
                    path = Path(tempfile.mkdtemp(dir=request.scratch)) / "records.ndjson"
                    with Spool(path, place) as spool:
                        self._fetch(pages, spool, request, f"{request.feed}: {self.source.name}: {place}", asked)
                        part = spool.load(con, binding, f"delivered_{self.source.name}_{index}")
                    cursor = _position(con, part, request, request.fingerprints[index])
                    parts += [part] if part else []
                    cursors += [each for each in (cursor or state,) if each]
                # Two bindings may read one place; it was read as a whole only if both did.
                whole[place] = whole.get(place, True) and not asked
                notices += _notices(place, pages, spool)
                notes.append(f"{_note(place, asked)}, {_counted(pages)}")
        return Delivery(
            parts=tuple(parts),
            note=", ".join(notes),
            reread=tuple(place for place, is_whole in whole.items() if is_whole),
            cursors=tuple(cursors),
            notices=tuple(notices),
        )

    @contextmanager
    def _open(self, request: Request) -> Iterator[_Service]:
        secrets = Secrets(self.source)
        with ExitStack() as stack:
            stack.enter_context(secrets.kept_out_of_logs())
            session = stack.enter_context(open_session(self.source, self.source.url, secrets, request.progress))
            yield _Service(session, authenticator(self.source, secrets, request.progress), secrets)

    def _fetch(self, pages: Pages, spool: Spool, request: Request, who: str, asked: Mapping[str, str]) -> None:
        """Bring the records of all pages into `spool`."""
        told_at = time.monotonic()
        for page in pages.read(asked):
            digest = spool.add(page)
            if page:
                pages.held(digest)
            if time.monotonic() - told_at >= _SECONDS_BETWEEN_TELLS:
                request.progress(f"{who}: {_counted(pages)}, {spool.record_count:,} records so far")
                told_at = time.monotonic()
            if request.limit_rows is not None and spool.record_count >= request.limit_rows:
                return


@contextmanager
def _named(who: str, secrets: Secrets) -> Iterator[None]:
    """Put `who` before what goes wrong, and keep secrets out of it."""
    try:
        yield
    except SourceError as error:
        raise type(error)(f"{who}: {secrets.hide(str(error))}") from None
    except RequestException as error:
        # Its message may hold a header's value.
        raise SourceError(
            f"{who}: the service cannot be asked ({type(error).__name__}); check `url`, `endpoint` and `headers`"
        ) from None
    except (LookupError, ValueError, OSError, duckdb.Error) as error:
        words = first_line(error) if isinstance(error, duckdb.Error) else str(error)
        raise SourceError(f"{who}: {secrets.hide(words)}") from None


def _position(
    con: duckdb.DuckDBPyConnection, part: Part | None, request: Request, fingerprint: str
) -> CursorState | None:
    """Find how far was read; None where that changes nothing."""
    if part is None or part.binding.cursor is None or request.window:
        return None
    return position(con, part, request, fingerprint)


def _notices(place: str, pages: Pages, spool: Spool) -> Iterator[Notice]:
    if pages.unread_next:
        yield Notice(
            "next_page",
            f"the answer names a next page ({pages.unread_next}), which was not read: `paginate` says that all "
            "records come in one answer",
            place,
        )
    if spool.replaced_count:
        yield Notice(
            "encoding",
            f"{spool.replaced_count:,} records hold half a character (an unpaired surrogate), landed as U+FFFD",
            place,
        )


def _counted(pages: Pages) -> str:
    return f"{pages.count:,} page{'' if pages.count == 1 else 's'}"


def _note(place: str, asked: Mapping[str, str]) -> str:
    limits = " and ".join(f"{name}={value}" for name, value in asked.items())
    return f"{place} with {limits}" if limits else f"all of {place}"
