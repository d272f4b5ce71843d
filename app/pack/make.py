"""Make a pack: read a published version, put it into words and charts, set it, and write it in one step."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app import queries
from app.pack.content import read_content
from app.pack.typesetting import typeset
from app.pack.version import contents_hash, open_version, scope_of
from app.words import speaking


@dataclass(frozen=True)
class Pack:
    """A finished pack, and which version and period it is of."""

    pdf: bytes
    pages: int
    period: str
    build_id: str
    contents: str

    @property
    def facts(self) -> dict[str, str | int]:
        """All of it but the document, for whoever keeps books."""
        return {
            "period": self.period,
            "pages": self.pages,
            "bytes": len(self.pdf),
            "build_id": self.build_id,
            "contents": self.contents,
        }


def make_pack(path: str, period: str | None, language: str) -> Pack:
    """The pack of the version in `path`. period: as in the report's URLs; None is the latest complete month.

    The same version, period and language make the same bytes. Raises UnknownPeriodError, OutdatedFileError or
    WarehouseError.
    """
    with speaking(language), open_version(path) as version:
        scope = scope_of(version, period)
        build_id = str(version.read(queries.company.BUILDS)["build_id"].iloc[0])
        contents = contents_hash(version)
        document = typeset(scope, read_content(scope), build_id, contents)
    return Pack(document.pdf, document.pages, scope.period.code, build_id, contents)


def write_pack(pack: Pack, out: Path) -> None:
    """Write the document to `out`, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(pack.pdf)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
