"""The presets that are shipped: each can be used as it is, is documented, and says only what the contract knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.presets import PresetInfo, library, list_presets
from orchestration.extract.profile import load_profile
from orchestration.extract.profile_model import Binding
from orchestration.extract.profile_yaml import read_document
from orchestration.extract.source_models import PROJECT_ROOT
from tests.orchestration.extract.presets.sampled import SAMPLES

PRESETS = list_presets()
SOURCES = {
    "files": ("{connector: files, root: drops}", "path: export"),
    "sql": ("{connector: sql, url: 'sqlite:///x'}", "table: export"),
    "rest": ("{connector: rest, url: 'https://example.invalid'}", ""),
}
HANDBOOK = PROJECT_ROOT / "docs" / "presets.md"


def bound(tmp_path: Path, info: PresetInfo, connector: str) -> Binding:
    """Load a profile that has nothing but the preset."""
    source, place = SOURCES[connector]
    lines = [place, SAMPLES[info.id].parameters]
    path = tmp_path / "desk.yml"
    path.write_text(
        f"""\
name: desk
title: {{en: Desk, zh: 服务台}}
time_zone: Asia/Shanghai
currency: CNY
sources:
  here: {source}
feeds:
  {info.feed}:
    - source: here
      preset: {info.id}
"""
        + "".join(f"      {line}\n" for line in lines if line),
        encoding="utf-8",
    )
    (binding,) = load_profile(path, {}, profile_data=tmp_path).feeds[info.feed]
    return binding


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.id)
def test_a_preset_fills_its_feed_by_itself(tmp_path: Path, info: PresetInfo) -> None:
    feed = read_contract()[info.feed]
    binding = bound(tmp_path, info, "files")
    assert binding.format is not None
    # Loading has refused columns that the feed does not have.
    needed = {column.name for column in feed.columns if column.required} | set(feed.key)
    assert needed <= binding.columns.keys()
    for name, mapping in binding.columns.items():
        allowed = feed.column(name).allowed_values
        meant = {value for value in mapping.values.values() if value is not None}
        if allowed:
            assert meant <= set(allowed), name
        if allowed and re.fullmatch(r"'[^']*'", mapping.expr):
            assert mapping.expr.strip("'") in allowed, name
    # A window that nothing uses is a mistake.
    said = " ".join(mapping.expr for mapping in binding.columns.values())
    assert {name for name in binding.windows if not re.search(rf"\bover {name}\b", said)} == set()


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.id)
def test_a_preset_says_the_same_for_every_connector(tmp_path: Path, info: PresetInfo) -> None:
    files, sql = bound(tmp_path, info, "files"), bound(tmp_path, info, "sql")
    assert (sql.columns, sql.where, sql.deleted, sql.windows) == (
        files.columns,
        files.where,
        files.deleted,
        files.windows,
    )
    if library.read_preset(info, {}).by_connector["rest"]:
        rest = bound(tmp_path, info, "rest")
        assert rest.columns == files.columns
        assert rest.endpoint is not None
        assert rest.paginate is not None


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.id)
def test_a_preset_uses_the_parameters_that_it_asks_for_and_no_others(info: PresetInfo) -> None:
    vendor, export = info.id.split("/")
    text = (library.PRESETS_DIR / f"{vendor}.yml").read_text(encoding="utf-8")
    written = read_document(text, {})
    asked = {message.split()[3] for place, message in written.mistakes if place[:2] == ("presets", export)}
    assert asked == set(info.parameters)
    assert [
        mistake
        for mistake in read_document(text, dict.fromkeys(info.parameters, "x")).mistakes
        if mistake[0][:2] == ("presets", export)
    ] == []


def test_the_names_of_a_preset_are_known() -> None:
    keys = {"title", "feed", "how", "parameters", "binding", "files", "sql", "rest"}
    for path in library.PRESETS_DIR.glob("*.yml"):
        document = read_document(path.read_text(encoding="utf-8"), {}).value
        assert isinstance(document, dict)
        assert document.keys() == {"title", "documentation", "presets"}, path
        presets = document["presets"]
        assert isinstance(presets, dict)
        for name, preset in presets.items():
            assert isinstance(preset, dict)
            assert preset.keys() <= keys, name
            assert {"title", "feed", "how", "binding", "files"} <= preset.keys(), name


def row(info: PresetInfo) -> str:
    """The line of the handbook's table for a preset."""
    parameters = ", ".join(f"`{name}`" for name in info.parameters)
    links = ", ".join(f"[{title}]({url})" for title, url in info.links)
    return f"| `{info.id}` | {info.feed} | {info.title} | {parameters} | {info.how} | {links} |"


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.id)
def test_the_handbook_lists_every_preset(info: PresetInfo) -> None:
    assert info.links
    assert all(re.match(r"https?://\S+$", url) for _, url in info.links)
    assert row(info) in HANDBOOK.read_text(encoding="utf-8").splitlines()


def test_the_handbook_lists_no_other_preset() -> None:
    listed = re.findall(r"^\| `([a-z_0-9]+/[a-z_0-9]+)` \|", HANDBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [info.id for info in PRESETS]
