"""A profile's YAML as plain text values, each with the line that it stands on, and its ${NAME} references resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Place = tuple[str | int, ...]
Mistake = tuple[Place, str]
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"

_REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?\}")


@dataclass
class Document:
    """A YAML file as nested dicts and lists of text (None where nothing is written).

    `lines` gives the line of every place (keys and list positions from the top); `templates` gives the text as
    written, for the places whose references were resolved.
    """

    value: Plain = None
    lines: dict[Place, int] = field(default_factory=dict)
    templates: dict[Place, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of the nearest place around it that is written in the file."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


def read_document(text: str, environment: Mapping[str, str]) -> Document:
    """Read `text`, replacing ${NAME} and ${NAME:-default} from `environment`; mistakes are collected, not raised."""
    document = Document()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        document.lines[("",)] = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        document.mistakes.append((("",), f"this is not valid YAML: {problem}"))
        return document
    if node is not None:
        document.value = _value(node, (), document, environment)
    return document


def _value(node: yaml.Node, place: Place, document: Document, environment: Mapping[str, str]) -> Plain:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document, environment)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), document, environment) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return _resolve(node.value, place, document, environment)


def _mapping(
    node: yaml.MappingNode, place: Place, document: Document, environment: Mapping[str, str]
) -> dict[str, Plain]:
    values: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        inner = (*place, key)
        if key in values:
            line = document.lines[inner]
            document.lines[inner] = key_node.start_mark.line + 1
            document.mistakes.append((inner, f"{key!r} is written twice, first on line {line}; keep one"))
            continue
        document.lines[inner] = key_node.start_mark.line + 1
        values[key] = _value(value_node, inner, document, environment)
    return values


def _resolve(text: str, place: Place, document: Document, environment: Mapping[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        name, default = match["name"], match["default"]
        value = environment.get(name, "")
        if value or (default is None and name in environment):
            return value
        if default is not None:
            return default[2:]
        document.mistakes.append(
            (place, f"the environment variable {name} is not set; set it, or write ${{{name}:-default}}")
        )
        return ""

    if "${" not in text:
        return text
    document.templates[place] = text
    if "${" in _REFERENCE.sub("", text):
        document.mistakes.append((place, f"{text!r} is not a reference; write ${{NAME}} or ${{NAME:-default}}"))
    return _REFERENCE.sub(replace, text)
