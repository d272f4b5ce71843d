"""Models of the dbt project as plain SQL: laws are tested on a database in memory, without a build."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

PROJECT = Path(__file__).parents[2] / "dbt_project"


class _Adapter:
    """dbt's dispatch, to the default of the project."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def dispatch(self, name: str) -> Any:
        return self.context.resolve(f"default__{name}")


def _listagg(measure: str, separator: str, order_by: str) -> str:
    return f"string_agg({measure}, {separator} {order_by})"


def render_model(name: str, **tables: str) -> str:
    """The SQL of a model of which each `ref` is the table of the same name, or the one given for it."""
    (path,) = (PROJECT / "models").rglob(f"{name}.sql")
    macros = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((PROJECT / "macros").rglob("*.sql"))
        if "{% test" not in file.read_text(encoding="utf-8")
    )
    # A macro that dispatches returns a call: what it gives is what its default gives.
    macros = macros.replace("return(adapter.dispatch(", "(_adapter().dispatch(")
    environment = Environment(autoescape=False)  # noqa: S701
    environment.globals.update(
        _adapter=pass_context(_Adapter),
        ref=lambda model: tables.get(model, model),
        env_var=lambda _name, default: default,
        dbt=SimpleNamespace(listagg=_listagg),
    )
    return environment.from_string(macros + path.read_text(encoding="utf-8")).render().strip()
