"""Profiles that extend another: `extends: sample` takes that profile's text and says only what is different.

A mapping is merged key by key; anything else replaces what the base says. Some parts know more: a source that names
its `connector` stands for itself. A binding changes the base's binding of the same source and feed (the first for the
first, the second for the second), or is added where the base has none; one that says where it reads (path, table,
query, endpoint) takes nothing of how the base reads. A column written without an expression adds to the base's (a
format, a value), as it does to a preset's; any other column replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.extract.profile_yaml import Document, Place, Plain, read_document
from orchestration.extract.source_models import PROJECT_ROOT

SHIPPED_PROFILES = PROJECT_ROOT / "orchestration" / "profiles"

_PLACES = frozenset({"path", "table", "query", "endpoint"})
# What a binding says of its rows; the rest says where and how they are read.
_MEANING = frozenset(
    {
        "source",
        "preset",
        "with",
        "where",
        "deleted",
        "windows",
        "columns",
        "overflow",
        "allowed_rejects",
        "fresh_within_hours",
    }
)


def extend(document: Document, path: Path, environment: Mapping[str, str]) -> tuple[Document, list[str]]:
    """Return `document` with what it does not say taken from the profile that it extends, and the texts that gave it.

    Mistakes are collected; without a base there is no value. A place of the base has the line of the nearest place
    around it that the profile itself wrote, or of `extends`.
    """
    texts: list[str] = []
    extended = _extend(document, path, environment, (path.resolve(),), texts)
    return extended, texts


def _extend(
    document: Document, path: Path, environment: Mapping[str, str], seen: tuple[Path, ...], texts: list[str]
) -> Document:
    if not isinstance(document.value, dict) or "extends" not in document.value:
        return document
    own = {key: value for key, value in document.value.items() if key != "extends"}
    found = _find(document.value["extends"], path)
    problem = None
    if found is None:
        there_are = ", ".join(sorted(shipped.stem for shipped in SHIPPED_PROFILES.glob("*.yml")))
        problem = f"expected a shipped profile ({there_are}) or a YAML file beside this one"
    elif found in seen:
        problem = f"{found.name} extends itself, by way of {' and '.join(each.name for each in seen)}"
    if found is None or problem is not None:
        mistake = (("extends",), f"found {document.value['extends']!r}: {problem}")
        return Document(None, document.lines, document.templates, [*document.mistakes, mistake])
    text = found.read_text(encoding="utf-8")
    texts.append(text)
    base = _extend(read_document(text, environment), found, environment, (*seen, found), texts)
    if not isinstance(base.value, dict):
        reasons = "; ".join(message for _, message in base.mistakes) or "it is empty"
        mistake = (("extends",), f"cannot extend {found.name}: {reasons}")
        return Document(None, document.lines, document.templates, [*document.mistakes, mistake])
    merge = _Merge()
    value = merge.profile(own, base.value)
    line = document.line(("extends",))
    lines = {(key,): line for key in base.value} | {merge.moved(place): at for place, at in document.lines.items()}
    templates = {place: template for place, template in base.templates.items() if place in merge.inherited}
    templates |= {merge.moved(place): template for place, template in document.templates.items()}
    mistakes = [mistake for mistake in base.mistakes if mistake[0] in merge.inherited]
    mistakes += [(merge.moved(place), message) for place, message in document.mistakes]
    return Document(value, lines, templates, mistakes)


def _find(name: Plain, path: Path) -> Path | None:
    if not isinstance(name, str) or not name:
        return None
    candidates = (SHIPPED_PROFILES / f"{name}.yml", path.parent / name)
    return next((each.resolve() for each in candidates if each.is_file()), None)


@dataclass
class _Merge:
    """Merges two profiles; remembers which places come from the base, and where bindings moved to."""

    inherited: set[Place] = field(default_factory=set)
    _positions: dict[Place, int] = field(default_factory=dict)

    def moved(self, place: Place) -> Place:
        """Where a place of the extending profile stands in the merged one."""
        return (*place[:2], self._positions.get(place[:3], place[2]), *place[3:]) if len(place) > 2 else place

    def profile(self, own: dict[str, Plain], base: dict[str, Plain]) -> dict[str, Plain]:
        merged = self._mapping(own, base, (), apart={"sources", "feeds"})
        for part, merge in (("sources", self._source), ("feeds", self._feed)):
            ours, theirs = own.get(part), base.get(part)
            if isinstance(ours, dict) and isinstance(theirs, dict):
                merged[part] = {
                    name: self._inherit(theirs[name], (part, name))
                    if name not in ours
                    else merge(ours[name], theirs.get(name), (part, name))
                    for name in {**theirs, **ours}
                }
            elif part in own or part in base:
                merged[part] = ours if part in own else self._inherit(theirs, (part,))
        return merged

    def _source(self, own: Plain, base: Plain, place: Place) -> Plain:
        stands_alone = isinstance(own, dict) and "connector" in own
        return own if stands_alone else self._value(own, base, place)

    def _feed(self, own: Plain, base: Plain, place: Place) -> Plain:
        if not isinstance(own, list) or not isinstance(base, list):
            return own
        merged: list[Plain] = list(base)
        free = list(range(len(base)))
        for index, binding in enumerate(own):
            at = next((at for at in free if _source_of(base[at]) == _source_of(binding)), len(merged))
            self._positions[(*place, index)] = at
            if at == len(merged):
                merged.append(binding)
            else:
                free.remove(at)
                merged[at] = self._binding(binding, base[at], (*place, at))
        for at in free:
            self._inherit(base[at], (*place, at))
        return merged

    def _binding(self, own: Plain, base: Plain, place: Place) -> Plain:
        if not isinstance(own, dict) or not isinstance(base, dict):
            return own
        if _PLACES & own.keys():
            base = {key: value for key, value in base.items() if key in _MEANING}
        merged = self._mapping(own, base, place, apart={"columns"})
        ours, theirs = own.get("columns"), base.get("columns")
        if isinstance(ours, dict) and isinstance(theirs, dict):
            names = {**theirs, **ours}
            merged["columns"] = {name: self._column(ours, theirs, name, (*place, "columns", name)) for name in names}
        elif "columns" in own or "columns" in base:
            merged["columns"] = ours if "columns" in own else self._inherit(theirs, (*place, "columns"))
        return merged

    def _column(self, ours: dict[str, Plain], theirs: dict[str, Plain], name: str, place: Place) -> Plain:
        if name not in ours:
            return self._inherit(theirs[name], place)
        own, base = ours[name], theirs.get(name)
        if isinstance(own, dict) and "expr" not in own and base is not None:
            return self._value(own, base if isinstance(base, dict) else {"expr": base}, place)
        return own

    def _value(self, own: Plain, base: Plain, place: Place) -> Plain:
        return self._mapping(own, base, place) if isinstance(own, dict) and isinstance(base, dict) else own

    def _mapping(
        self, own: dict[str, Plain], base: dict[str, Plain], place: Place, apart: set[str] | None = None
    ) -> dict[str, Plain]:
        merged: dict[str, Plain] = {}
        for key in {**base, **own}:
            if key in (apart or ()):
                continue
            inner = (*place, key)
            if key not in own:
                merged[key] = self._inherit(base[key], inner)
            else:
                merged[key] = self._value(own[key], base.get(key), inner)
        return merged

    def _inherit(self, value: Plain, place: Place) -> Plain:
        self.inherited.add(place)
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in children:
            self._inherit(inner, (*place, key))
        return value


def _source_of(binding: Plain) -> Plain:
    return binding.get("source") if isinstance(binding, dict) else None
