"""The handbook of profiles names every key that a profile may have, and every kind of part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from orchestration.extract import source_models
from orchestration.extract.privacy import Privacy
from orchestration.extract.profile_checks import LOADED_KEYS
from orchestration.extract.profile_model import Binding, ColumnMapping, Cursor, Profile, Title
from orchestration.extract.source_models import PROJECT_ROOT, BaseSource, Strict

HANDBOOK = (PROJECT_ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
# Code between backticks, and in the examples: `a`, `{a: 1}`, `cursor.a`.
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = [*_FENCED.findall(HANDBOOK), *re.findall(r"`[^`\n]+`", _FENCED.sub("", HANDBOOK))]
WORDS = set(re.findall(r"\w+", " ".join(CODE)))

MODELS = [
    model
    for model in vars(source_models).values()
    if isinstance(model, type) and issubclass(model, Strict) and model not in (Strict, BaseSource)
]


@pytest.mark.parametrize(
    "model", [Profile, Title, Privacy, Binding, Cursor, ColumnMapping, *MODELS], ids=lambda model: model.__name__
)
def test_every_key_is_in_the_handbook(model: type[BaseModel]) -> None:
    keys = set(model.model_fields) - LOADED_KEYS
    kinds = {
        kind for name in ("kind", "connector") if name in keys for kind in get_args(model.model_fields[name].annotation)
    }
    assert keys | kinds <= WORDS


def test_every_file_that_the_handbook_points_at_is_there() -> None:
    docs = Path(PROJECT_ROOT / "docs")
    for page in ("profiles.md", "new_profile_walkthrough.md"):
        text = (docs / page).read_text(encoding="utf-8")
        for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]+)\)", text)):
            linked = (docs / target).resolve() if target else docs / page
            assert linked.is_file(), f"{page} points at {target}"
            if anchor:
                headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
                assert anchor in slugs, f"{page} points at {target}#{anchor}"
