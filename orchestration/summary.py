"""What the command line prints of a published version."""

from __future__ import annotations

from pathlib import Path

from orchestration.engine import connect

_HEADLINE = """
select kpis.name_en, kpis.name_zh, kpis.unit, kpi_values.value, kpi_values.target, kpi_values.eligible_count,
       kpis.is_available, kpis.missing_feeds, kpi_values.trust
from marts.dim_kpis as kpis
left join marts.kpi_values on kpi_values.kpi_id = kpis.kpi_id
    and kpi_values.period_grain = 'all' and kpi_values.segment = 'all'
where kpis.audience = 'executive'
order by kpis.kpi_class, kpis.kpi_id
"""


def headline(version: Path) -> str:
    """The executive KPIs of a version over all its time, as a table."""
    with connect(version, read_only=True) as con:
        company = con.execute("select company_name_en, as_of_at, currency from meta.settings").fetchone()
        rows = con.execute(_HEADLINE).fetchall()
    assert company is not None  # the build writes exactly one row of settings
    name, as_of, currency = company
    lines = [f"{name}, as of {as_of:%Y-%m-%d %H:%M} UTC", ""]
    for name_en, name_zh, unit, value, target, count, is_available, missing, trust in rows:
        if not is_available:
            shown, note = "not available", f"needs {missing}"
        elif trust == "withheld":
            shown, note = "withheld", "meta.kpi_trust says why"
        else:
            shown = _shown(value, unit, currency)
            note = f"target {_shown(target, unit, currency)}" if target is not None else ""
            note += f"  n={count:,}" if count is not None else ""
            note += "  read with care: meta.kpi_trust" if trust == "warned" else ""
        lines.append(f"  {name_en + ' ' + name_zh:<58.58} {shown:>16}   {note}".rstrip())
    return "\n".join(lines)


def _shown(value: float | None, unit: str, currency: str) -> str:
    if value is None:
        return "no data"
    shown = {
        "share": f"{value:.1%}",
        "ratio": f"{value:.1%}",
        "rate": f"{value * 100:.1f} per 100",
        "seconds": f"{value / 3600:,.1f} h" if value >= 3600 else f"{value / 60:,.1f} min",
        "currency": f"{value:,.2f} {currency}",
        "count": f"{value:,.0f}",
    }
    return shown.get(unit, f"{value:,.2f}")
