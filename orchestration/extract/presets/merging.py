"""Puts the presets that a profile names into its bindings, before the profile is checked: what it says itself wins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from orchestration.extract.presets.library import Preset, PresetInfo, list_presets, read_preset
from orchestration.extract.profile_checks import nearest
from orchestration.extract.profile_yaml import Mistake, Place, Plain

# A parameter stands inside quotes of SQL or a path of JSON, and must not end them.
_PARAMETER = re.compile(r"[^'\"\\$\n]+")

# Merged name by name; every other key of a preset gives way to that of the profile as a whole.
_BY_NAME = ("windows", "params")


@dataclass
class Merged:
    """What merging did: the id of the preset that each place comes from, their fingerprints, the mistakes found."""

    origins: dict[Place, str] = field(default_factory=dict)
    fingerprints: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def origin(self, place: Place) -> str | None:
        """Return the preset that `place`, or a place around it, comes from; None where the profile wrote it."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.origins:
                return self.origins[place[:length]]
        return None


def merge_presets(value: dict[str, Plain]) -> Merged:
    """Fill the bindings of a profile's plain `value` with the presets that they name; `with` goes, `preset` stays.

    Columns are merged one by one: a column that the profile writes without an expression adds to that of the preset (a
    value of the customer's own, a format), any other replaces it. Both conditions of `where` must hold.
    """
    merged = Merged()
    sources, feeds = value.get("sources"), value.get("feeds")
    for feed, bindings in feeds.items() if isinstance(feeds, dict) else ():
        for index, binding in enumerate(bindings if isinstance(bindings, list) else ()):
            if isinstance(binding, dict) and {"preset", "with"} & binding.keys():
                place = ("feeds", feed, index)
                preset = _find(place, binding, merged)
                if preset:
                    source = sources.get(str(binding.get("source"))) if isinstance(sources, dict) else None
                    connector = str(source.get("connector")) if isinstance(source, dict) else ""
                    _merge(place, binding, preset, connector, merged)
    return merged


def _find(place: Place, binding: dict[str, Plain], merged: Merged) -> Preset | None:
    """Read the preset that `binding` names with its parameters; None, with the mistakes noted, where that is wrong."""
    parameters = binding.pop("with", None)
    name = binding.get("preset")
    known = {info.id: info for info in list_presets()}
    if "preset" not in binding:
        merged.mistakes.append(((*place, "with"), "belongs to a preset; name one with `preset:`"))
        return None
    if not isinstance(name, str) or name not in known:
        merged.mistakes.append(((*place, "preset"), f"there is no preset {name!r}{nearest(str(name), known)}"))
        return None
    info = known[name]
    if info.feed != place[1]:
        merged.mistakes.append(((*place, "preset"), f"preset {name} fills the feed {info.feed}, not {place[1]}"))
        return None
    given = parameters if isinstance(parameters, dict) else {}
    wrong = list(_parameter_mistakes(place, info, given))
    merged.mistakes += wrong
    return None if wrong else read_preset(info, {key: str(text) for key, text in given.items()})


def _parameter_mistakes(place: Place, info: PresetInfo, given: dict[str, Plain]) -> list[Mistake]:
    mistakes: list[Mistake] = []
    for name, meaning in info.parameters.items():
        if name not in given:
            message = f"preset {info.id} needs to know {name}, {meaning}; write with: {{{name}: …}}"
            mistakes.append(((*place, "preset"), message))
    for name, text in given.items():
        if name not in info.parameters:
            message = f"preset {info.id} has no such parameter{nearest(name, info.parameters)}"
            mistakes.append(((*place, "with", name), message))
        elif not isinstance(text, str) or not _PARAMETER.fullmatch(text):
            message = "expected a text without quotes, backslashes, dollar signs and line breaks"
            mistakes.append(((*place, "with", name), message))
    return mistakes


def _merge(place: Place, binding: dict[str, Plain], preset: Preset, connector: str, merged: Merged) -> None:
    merged.fingerprints.append(preset.fingerprint)
    for key, said in {**preset.by_connector.get(connector, {}), **preset.binding}.items():
        if key == "columns":
            own = binding["columns"] = binding.get("columns") or {}
            if isinstance(own, dict) and isinstance(said, dict):
                _merge_columns((*place, "columns"), own, said, preset, merged)
        elif key == "where" and isinstance(binding.get("where"), str):
            binding["where"] = f"({said}\n) and ({binding['where']}\n)"
        elif key in _BY_NAME and isinstance(binding.get(key), dict) and isinstance(said, dict):
            names: Plain = binding[key]
            assert isinstance(names, dict)  # just tested
            for name in said.keys() - names.keys():
                names[name] = said[name]
                merged.origins[(*place, key, name)] = preset.info.id
        elif key not in binding:
            binding[key] = said
            merged.origins[(*place, key)] = preset.info.id


def _merge_columns(place: Place, own: dict[str, Plain], said: dict[str, Plain], preset: Preset, merged: Merged) -> None:
    for name, mapping in said.items():
        if name not in own:
            own[name] = mapping
            merged.origins[(*place, name)] = preset.info.id
            continue
        mine = own[name]
        if isinstance(mine, dict) and "expr" not in mine:
            base: dict[str, Plain] = {"expr": mapping} if isinstance(mapping, str) else _copy(mapping)
            values, added = _copy(base.get("values")), mine.get("values")
            own[name] = {**base, **mine}
            if isinstance(added, dict) and values:
                own[name] = {**base, **mine, "values": {**values, **added}}
            merged.origins.update({(*place, name, key): preset.info.id for key in base.keys() - mine.keys()})


def _copy(value: Plain) -> dict[str, Plain]:
    return dict(value) if isinstance(value, dict) else {}
