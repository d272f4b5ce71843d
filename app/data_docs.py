"""The pages of a build's checks (Great Expectations' Data Docs), which lie beside the published versions.

They quote rows of the whole company. No address of the server leads to them: a page travels only inside the session of
a visitor who may see everything.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

_OPENED = re.compile(r"<!-- navigation -->.*?<!-- /navigation -->", re.DOTALL)
# The oldest time that the format knows: equal pages make equal files.
_TIME = (1980, 1, 1, 0, 0, 0)


def site_of(version: Path, build_id: str) -> Path | None:
    """The folder with the pages of `build_id`, for the published file `version`; None where there is none."""
    folder = version.parent.parent / "data_docs" / build_id
    is_name = build_id == Path(build_id).name
    return folder if is_name and (folder / "index.html").is_file() else None


def table_pages(site: Path) -> list[str]:
    """The names of the pages of tables, <gate>/<schema>.<table>."""
    return sorted(page.relative_to(site).with_suffix("").as_posix() for page in site.glob("*/*.html"))


def read_page(site: Path, name: str) -> str:
    """The HTML of a page of `table_pages`, without the link to the index, which leads nowhere inside the report."""
    return _OPENED.sub("", (site / f"{name}.html").read_text(encoding="utf-8"))


def write_zip(site: Path) -> bytes:
    """The whole site as one file, to be opened without a network."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in sorted(site.rglob("*.html")):
            entry = zipfile.ZipInfo(f"data_docs_{site.name}/{page.relative_to(site).as_posix()}", _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, page.read_bytes())
    return packed.getvalue()
