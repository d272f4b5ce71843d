"""A pack's content as PDF, set by Typst from pack.typ: words and charts go in as data, never as markup.

The font is inside the document; nothing of this machine is, neither its clock nor its fonts: equal content makes equal
bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path

import typst

from app import charts, fonts, formats
from app.pack.parts import Content
from app.scope import Scope
from app.words import language, t

_TEMPLATE = Path(__file__).with_name("pack.typ")
_WORDS = ("kpi", "value", "target", "status", "change", "verdict", "trend", "sample", "summary", "sources",
          "sources_lead", "definitions", "title", "subtitle", "findings", "queries", "queries_lead")  # fmt: skip


@dataclass(frozen=True)
class Document:
    """A typeset pack."""

    pdf: bytes
    pages: int


def typeset(scope: Scope, content: Content, build_id: str, contents: str) -> Document:
    """Set the pack of `scope` in the language spoken; build_id and contents name the version on every page."""
    company = scope.company
    lead = t("pack.definitions_lead", period=scope.period.name)
    data = asdict(content) | {
        "language": language(),
        "company": company.name,
        "period": scope.period.name,
        "scope": scope.words,
        "as_of": t("app.as_of", moment=formats.moment(company.as_of_at, company.time_zone), zone=company.time_zone),
        "build": t("pack.build", build_id=build_id),
        "contents": t("pack.fingerprint", contents=contents),
        "words": {word: t(f"pack.{word}") for word in _WORDS} | {"definitions_lead": lead},
        "columns": [t("column.feed"), t("column.rows"), t("column.landed")],
        "colours": charts.STATUS_COLOURS,
    }
    compiler = typst.Compiler(
        str(_TEMPLATE),
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
        sys_inputs={"pack": json.dumps(data, ensure_ascii=False)},
    )
    pdf = compiler.compile(format="pdf", timestamp=company.as_of_at.replace(tzinfo=UTC))
    assert isinstance(pdf, bytes)
    return Document(pdf, int(json.loads(compiler.query("<pages>", field="value", one=True))))
