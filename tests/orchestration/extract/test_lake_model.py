"""What a profile may say of its lake."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.build import lake_of
from orchestration.extract.errors import ProfileError
from orchestration.extract.profile import Profile, load_profile
from orchestration.extract.secret_texts import secrets_of

URL = "postgresql://builder:opensesame@catalog.example.com:5433/lake?sslmode=require"
HEAD = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: Asia/Shanghai
currency: CNY
"""


def load(tmp_path: Path, warehouse: str, url: str = URL) -> Profile:
    path = tmp_path / "desk.yml"
    path.write_text(f"{HEAD}warehouse: {warehouse}\n", encoding="utf-8")
    return load_profile(path, {"LAKE_CATALOG": url}, profile_data=tmp_path)


def test_a_lake_is_named_by_its_catalog_its_folder_and_its_schema(tmp_path: Path) -> None:
    profile = load(tmp_path, '{lake: {catalog: "${LAKE_CATALOG}", data_path: /mnt/lake, schema: desk}}')
    lake = lake_of(profile)
    assert lake is not None
    assert (lake.catalog, lake.schema, lake.data_path) == (URL, "desk", Path("/mnt/lake"))
    assert "opensesame" not in repr(lake) + repr(profile)
    assert secrets_of(profile, {}).hide(f"{URL} opensesame") == "*** ***"


def test_a_company_without_a_lake_has_none(tmp_path: Path) -> None:
    assert lake_of(load(tmp_path, "{}")) is None


@pytest.mark.parametrize(
    ("lake", "mistake"),
    [
        ("{catalog: '${LAKE_CATALOG}', data_path: lake}", "data_path: found 'lake': expected an absolute path"),
        (
            "{catalog: '${LAKE_CATALOG}', data_path: s3://lake/x}",
            "data_path: found 's3://lake/x': expected an absolute",
        ),
        ("{catalog: '${LAKE_CATALOG}', data_path: /mnt/lake, schema: My Lake}", "schema: found 'My Lake'"),
        ("{catalog: '${LAKE_CATALOG}', data_path: /mnt/lake, shema: x}", "shema: unknown key; did you mean schema?"),
        ("{data_path: /mnt/lake}", "warehouse.lake.catalog: Field required"),
        ("{catalog: '${NO_SUCH}', data_path: /mnt/lake}", "NO_SUCH"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, lake: str, mistake: str) -> None:
    with pytest.raises(ProfileError) as told:
        load(tmp_path, f"{{lake: {lake}}}")
    assert mistake in str(told.value)
    assert "desk.yml:5: warehouse.lake" in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://builder:opensesame@catalog.example.com/lake",
        "host=catalog.example.com user=builder password=opensesame dbname=lake",
        "postgresql://builder:opensesame@catalog.example.com",
        "postgresql://builder:open sesame@catalog.example.com/lake",
        "postgresql://builder:opensesame@catalog.example.com:port/lake",
        "postgresql://builder:opensesame@catalog.example.com/lake?no_such=opensesame",
    ],
)
def test_a_catalog_that_is_none_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ProfileError, match=r"expected a URL such as postgresql://builder:…@") as told:
        load(tmp_path, '{lake: {catalog: "${LAKE_CATALOG}", data_path: /mnt/lake}}', url)
    assert "sesame" not in str(told.value)
