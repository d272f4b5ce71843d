"""The data door on a real build: every mart of the published file, and a site manager who sees one site of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from app import door, door_statements
from app.door import EVERYTHING, Limits
from tests.app.statements import STATEMENTS
from tests.app.test_door import contents, strip_to_one_site, tables_of
from tests.company import Company


@pytest.fixture(scope="module")
def published(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published sample company."""
    return Path(shutil.copy(sample_company.current, tmp_path_factory.mktemp("access") / "warehouse_copy.duckdb"))


def test_a_site_manager_of_a_real_build_sees_one_site(published: Path, tmp_path: Path) -> None:
    """All other rows of the file may go: the session holds the same, table by table."""
    with duckdb.connect(str(published), read_only=True) as file:
        marts = tables_of(file)
        sites = file.execute("select site_id, site_name from marts.dim_sites order by site_id").fetchall()
        people = file.execute("select technician_name, site_id from marts.dim_technicians").fetchall()
    assert len(sites) > 10
    own = sites[len(sites) // 2][0]
    stripped = Path(shutil.copy(published, tmp_path / "warehouse_stripped.duckdb"))
    strip_to_one_site(stripped, own)
    with door.connect(str(published), Limits((own,))) as whole, door.connect(str(stripped), Limits((own,))) as rest:
        seen = contents(whole)
        assert seen == contents(rest)
        assert tables_of(whole) == set(door_statements.STATEMENTS)
        for mart in marts - set(door_statements.STATEMENTS):
            with pytest.raises(duckdb.CatalogException):
                whole.execute(f"select * from {mart}")
    texts = {value for rows in seen.values() for row in rows for value in row if isinstance(value, str)}
    # The site "unknown" shares its name with what else is unknown.
    others = {text for site in sites if site[0] not in (own, "unknown") for text in site}
    assert len(others) > 20
    assert not texts & others
    namesakes = {name for name, site in people if site == own}
    assert not texts & ({name for name, site in people if site != own} - namesakes)
    assert len(seen["marts.kpi_values"]) > 1000


def test_every_statement_runs_the_same_in_every_session(published: Path) -> None:
    """Everybody's session has the tables and types that the statements need."""
    kinds: dict[str, set[str]] = {name: set() for name in STATEMENTS}
    for limits in (EVERYTHING, Limits(None, sees_people=False), Limits(("nowhere",))):
        with door.connect(str(published), limits) as con:
            for name, sql in STATEMENTS.items():
                asked = len(list(sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Placeholder)))
                columns = con.execute(sql, [None] * asked).description or ()
                kinds[name].add(str([(column[0], str(column[1])) for column in columns]))
    assert {name: len(found) for name, found in kinds.items()} == dict.fromkeys(STATEMENTS, 1)
