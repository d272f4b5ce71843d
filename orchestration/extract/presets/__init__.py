"""Presets: ready mappings of well-known exports, which a binding of a profile names and extends."""

from __future__ import annotations

from orchestration.extract.presets.library import PresetInfo, list_presets
from orchestration.extract.presets.merging import Merged, merge_presets

__all__ = ["Merged", "PresetInfo", "list_presets", "merge_presets"]
