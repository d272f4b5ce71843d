"""`python -m app.pack`: make the board pack of one period and language from a published file.

Prints one line of JSON: path, pages, bytes, build_id, contents. Exit code 1 and a sentence where no pack can be made.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path

from app.pack.make import make_pack, write_pack
from app.pack.version import UnknownPeriodError
from app.settings import LANGUAGES
from app.warehouse import OutdatedFileError, WarehouseError

EXIT_FAILED = 1


def main() -> None:
    """Make it as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m app.pack", description="Make the board pack of a published file.")
    parser.add_argument("warehouse", type=Path, help="published file, or the link current.duckdb")
    parser.add_argument("folder", type=Path, help="where to write <period>_<language>.pdf")
    parser.add_argument("--period", help="2026-06, 2026-Q2, 2026 or all; default: the latest complete month")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    arguments = parser.parse_args()
    try:
        pack = make_pack(os.path.realpath(arguments.warehouse), arguments.period, arguments.language)
        out = arguments.folder / f"{pack.period}_{arguments.language}.pdf"
        write_pack(pack, out)
    except (UnknownPeriodError, OutdatedFileError, WarehouseError, OSError) as error:
        print(f"no board pack: {error}", file=sys.stderr)  # noqa: T201 - what a command says
        sys.exit(EXIT_FAILED)
    print(json.dumps({"path": str(out), **pack.facts}))  # noqa: T201


if __name__ == "__main__":
    # Days of charts have no time zone of their own: those of this machine must not move them.
    os.environ["TZ"] = "UTC"
    # Charts and words come from a library for pages, which says at each turn that there is no page here.
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    main()
