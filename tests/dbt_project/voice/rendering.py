"""Models of the dbt project as plain SQL, to run on small tables in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import Environment

PROJECT = Path(__file__).parents[3] / "dbt_project"


@cache
def render(model: str) -> str:
    """The SELECT of a model; `ref('x')` is the table x, settings are those of dbt_project.yml, the time zone is UTC."""
    (path,) = (PROJECT / "models").rglob(f"{model}.sql")
    return _environment().from_string(path.read_text(encoding="utf-8")).render()


@cache
def _environment() -> Environment:
    settings: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    macros: dict[str, Callable[..., str]] = {}
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.globals |= {
        "ref": lambda name: name,
        "var": lambda name: settings[name],
        "env_var": lambda _name, default: default,
        "return": lambda value: value,
        "adapter": SimpleNamespace(dispatch=lambda name: macros[f"default__{name}"]),
        "dbt": SimpleNamespace(
            datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
            dateadd=lambda part, count, day: f"({day} + to_{part}s(cast({count} as integer)))",
        ),
    }
    texts = [path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").rglob("*.sql"))]
    library = environment.from_string("\n".join(text for text in texts if "{% test" not in text)).module
    macros |= {name: macro for name, macro in vars(library).items() if callable(macro)}
    environment.globals |= macros
    return environment
