"""Reads a company profile: a YAML file that says who a company is, where its data is, and how it maps to the feeds."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orchestration.extract.contract import read_contract
from orchestration.extract.errors import ProfileError
from orchestration.extract.presets import Merged, merge_presets
from orchestration.extract.privacy import Privacy
from orchestration.extract.profile_base import extend
from orchestration.extract.profile_checks import cross_check
from orchestration.extract.profile_model import Profile
from orchestration.extract.profile_yaml import Document, Mistake, Place, Plain, read_document
from orchestration.extract.pseudonyms import SaltError, read_salt
from orchestration.extract.source_models import PROJECT_ROOT

__all__ = ["Profile", "ProfileError", "load_profile"]

# The cross-check finds these too, and knows which name was probably meant.
_FOUND_BY_CROSS_CHECK = {"extra_forbidden", "union_tag_invalid", "union_tag_not_found"}


def load_profile(path: Path, environment: Mapping[str, str], *, profile_data: Path) -> Profile:
    """Read and validate the profile at `path`.

    ${NAME} and ${NAME:-default} are taken from `environment`; PROFILE_DATA is `profile_data`. ProfileError lists every
    mistake with its line.
    """
    if not path.is_file():
        raise ProfileError(path, [f"{path.name}:1: there is no such file"])
    text = path.read_text(encoding="utf-8")
    names = {**environment, "PROFILE_DATA": str(profile_data)}
    document, base_texts = extend(read_document(text, names), path, names)
    if not isinstance(document.value, dict):
        nothing: Mistake = ((), "expected keys such as name, sources and feeds, found none")
        raise ProfileError(path, _report(path, document, Merged(), document.mistakes or [nothing]))
    merged = merge_presets(document.value)
    for place in merged.origins:
        document.lines[place] = document.line((*place[:3], "preset"))
    mistakes = [*document.mistakes, *merged.mistakes, *cross_check(document.value, read_contract())]
    try:
        said = "".join((text, *base_texts, *merged.fingerprints))
        profile = Profile.model_validate(_with_places(document, document.value, path, said))
    except ValidationError as error:
        known = {place for place, _ in mistakes}
        mistakes += [mistake for mistake in _shape_mistakes(error, document) if mistake[0] not in known]
        raise ProfileError(path, _report(path, document, merged, mistakes)) from None
    mistakes += _salt_mistakes(profile.privacy, environment)
    if mistakes:
        raise ProfileError(path, _report(path, document, merged, mistakes))
    return profile


def _salt_mistakes(privacy: Privacy, environment: Mapping[str, str]) -> Iterator[Mistake]:
    if hashed := privacy.hashed_classes:
        try:
            read_salt(environment)
        except SaltError as error:
            yield ("privacy", hashed[0]), str(error)


def _with_places(document: Document, value: dict[str, Plain], path: Path, said: str) -> dict[str, Any]:
    """Add to the values what only the file knows: names, lines, templates, the fingerprint of all that is `said`."""
    values: dict[str, Any] = copy.deepcopy(value)
    values.update(fingerprint=hashlib.sha256(said.encode()).hexdigest(), file=path)
    for place, source in _mappings(values, "sources"):
        source["name"] = place[-1]
        if source.get("connector") == "sql":
            source["template"] = document.templates.get((*place, "url"), "the url in the profile")
    for feed, bindings in values["feeds"].items() if isinstance(values.get("feeds"), dict) else ():
        for index, binding in enumerate(bindings if isinstance(bindings, list) else ()):
            if isinstance(binding, dict):
                place = ("feeds", feed, index)
                columns = binding.get("columns")
                names = list(columns) if isinstance(columns, dict) else []
                binding["line"] = document.line(place)
                binding["column_lines"] = {name: document.line((*place, "columns", name)) for name in names}
    if isinstance(values.get("policies"), dict):
        values["policies"] = {name: PROJECT_ROOT / str(file or "") for name, file in values["policies"].items()}
    return values


def _mappings(values: dict[str, Any], key: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    inner = values.get(key)
    for name, value in inner.items() if isinstance(inner, dict) else ():
        if isinstance(value, dict):
            yield (key, name), value


def _report(path: Path, document: Document, merged: Merged, mistakes: Iterable[Mistake]) -> list[str]:
    located = sorted(
        (document.line(place), _name(place), message + _origin(merged, place)) for place, message in mistakes
    )
    return list(dict.fromkeys(f"{path.name}:{line}: {name}{message}" for line, name, message in located))


def _origin(merged: Merged, place: Place) -> str:
    preset = merged.origin(place)
    return f" (from preset {preset})" if preset else ""


def _name(place: Place) -> str:
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{name}: " if name else ""


def _shape_mistakes(error: ValidationError, document: Document) -> Iterator[Mistake]:
    for detail in error.errors(include_url=False, include_input=False):
        if detail["type"] in _FOUND_BY_CROSS_CHECK:
            continue
        place, value = _written(detail["loc"], document.value)
        found = document.templates.get(place, value if isinstance(value, str) else None)
        message = detail["msg"].removeprefix("Value error, ")
        yield place, message if found is None else f"found {found!r}: {message}"


def _written(location: tuple[int | str, ...], value: Plain) -> tuple[Place, Plain]:
    """Follow pydantic's location through the file: it also names the kind of a source, and forms that were tried."""
    place: list[int | str] = []
    for index, part in enumerate(location):
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif index == len(location) - 1:
            value = None
        else:
            continue
        place.append(part)
    return tuple(place), value
