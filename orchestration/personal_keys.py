"""Numbers of customers and staff that are none: a source that knows people by telephone number or e-mail address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.duckdb_files import attach, quote_identifier
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.extract.privacy import Privacy

KEY_CLASSES = ("customer_key", "staff_key")
# The id space of a source stands before a number, with a colon.
_PERSONAL = r"(?:[^:@\s]+:)?(?:[^@\s]+@[^@\s]+\.[^@\s]+|\+\d[\d ()./-]{6,}|0\d{2,3}-\d{7,8}|1[3-9]\d{9}|\d{17}[\dXx])"


class PersonalKeyError(ValueError):
    """Keys that would be published as they are look like what says who a person is."""


def check_keys(ingest_file: Path, contract: Mapping[str, Feed], privacy: Privacy) -> None:
    """Refuse to go on where keys look like telephone numbers, e-mail addresses or identity numbers.

    Only for classes on which the profile says nothing: what it says is decided. PersonalKeyError names the columns,
    and counts.
    """
    unsaid = [name for name in KEY_CLASSES if name not in privacy.model_fields_set]
    found: dict[str, list[str]] = {}
    with connect() as con:
        attach(con, ingest_file, "ingest", read_only=True)
        for feed in contract.values():
            for column in feed.columns:
                if column.pii not in unsaid:
                    continue
                name, table = quote_identifier(column.name), quote_identifier(feed.name)
                query = f"select count(*) from ingest.raw.{table} where regexp_full_match({name}, ?)"  # noqa: S608
                ((count,),) = con.execute(query, [_PERSONAL]).fetchall()
                if count:
                    found.setdefault(str(column.pii), []).append(f"  {feed.name}.{column.name}: {count:,} rows")
    if found:
        lines = "\n".join(f"privacy.{name} is not said, and\n" + "\n".join(rows) for name, rows in found.items())
        raise PersonalKeyError(
            "keys that look like telephone numbers, e-mail addresses or identity numbers would be published as they "
            f"are:\n{lines}\nWrite under `privacy` in the profile {' and '.join(found)}: hashed, or clear where they "
            "are only numbers; or map another column"
        )
