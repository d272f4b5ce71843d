"""The presets that the project brings: one YAML file per vendor, below it one preset per export."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.extract.profile_yaml import Plain, read_document

PRESETS_DIR = Path(__file__).parent


@dataclass(frozen=True)
class PresetInfo:
    """A preset as it is listed: `id` is <vendor>/<export>, `feed` the feed that it fills.

    `how` says how to get the export, `parameters` what a profile must say `with:` it, `links` are titles and addresses
    of the vendor's documentation.
    """

    id: str
    feed: str
    title: str
    how: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Preset:
    """A preset with its parameters filled in.

    `binding` has the keys of a binding for every connector, `by_connector` those for one. `fingerprint` is that of all
    it says.
    """

    info: PresetInfo
    binding: dict[str, Plain]
    by_connector: dict[str, dict[str, Plain]]
    fingerprint: str


@functools.cache
def list_presets() -> tuple[PresetInfo, ...]:
    """Read what presets there are, in order of their ids."""
    found = []
    for path in sorted(PRESETS_DIR.glob("*.yml")):
        vendor = _section(read_document(path.read_text(encoding="utf-8"), {}).value)
        links = vendor.get("documentation")
        for export, value in sorted(_section(vendor.get("presets")).items()):
            preset = _section(value)
            found.append(
                PresetInfo(
                    id=f"{path.stem}/{export}",
                    feed=str(preset["feed"]),
                    title=f"{vendor['title']}: {preset['title']}",
                    how=str(preset["how"]),
                    parameters={name: str(text) for name, text in _section(preset.get("parameters")).items()},
                    links=tuple((str(title), str(url)) for title, url in _section(links).items()),
                )
            )
    return tuple(found)


def read_preset(info: PresetInfo, parameters: Mapping[str, str]) -> Preset:
    """Read the preset of `info`, each ${name} in it replaced by the value of that parameter."""
    vendor, export = info.id.split("/")
    text = (PRESETS_DIR / f"{vendor}.yml").read_text(encoding="utf-8")
    written = _section(_section(_section(read_document(text, parameters).value)["presets"])[export])
    return Preset(
        info=info,
        binding=_section(written.get("binding")),
        by_connector={name: _section(written.get(name)) for name in ("files", "sql", "rest")},
        fingerprint=hashlib.sha256(repr((info.id, written)).encode()).hexdigest(),
    )


def _section(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}
