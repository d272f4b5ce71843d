"""Text that becomes part of YAML: scalars and short mappings, quoted where they would mean something else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from orchestration.extract.text_table import plain

_PLAIN = re.compile(r"[^\W\d][\w./*-]*(?: [\w./*-]+)*")
_NUMBER = re.compile(r"\d{1,9}")
_WORDS_OF_YAML = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def scalar(value: str | int) -> str:
    """Write `value`; in quotes unless it is a plain word or number."""
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if is_plain or (isinstance(value, int) and _NUMBER.fullmatch(text)) else quoted(text)


def quoted(text: str) -> str:
    """Write `text` in quotes: single ones where it holds double ones, as SQL names do."""
    if '"' in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def flow(values: Mapping[str, str | int]) -> str:
    """Write a short mapping in one line."""
    return "{" + ", ".join(f"{scalar(key)}: {scalar(value)}" for key, value in values.items()) + "}"


def comment(text: str) -> str:
    """Write a comment: whatever `text` holds, it stays on its line."""
    return f"# {plain(text)}".rstrip()
