"""How far each method of forecasting is off, beside exponential smoothing, which is not shipped.

python -m bench.forecast_methods FILE… prints, of the whole company of each published version, the root mean squared
error of a day over the cut-offs of the back-test, and the processor's seconds of a fit of smoothing (statsmodels,
additive, a week's season).
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from orchestration.analysis.forecasts import CUT_OFFS, HORIZON
from orchestration.engine import connect

_TESTED = """
select
    kind,
    max(root_mean_squared_error) filter (where method = 'seasonal_naive') as last_week,
    max(root_mean_squared_error) filter (where method = 'weekday_mean') as weekday_mean,
    max(root_mean_squared_error) filter (where method = 'calendar_model') as calendar_model,
    max(method) filter (where is_chosen) as chosen
from marts.agg_forecast_backtests
where site_id = 'all'
group by kind
order by kind
"""

_COUNTS = """
select contact_count
from marts.agg_contact_days
where kind = $kind and site_id = 'all' and not is_ahead
order by contact_date
"""


def smoothing_error(counts: NDArray[np.float64]) -> tuple[float, float]:
    """Root mean squared error of a day, and the seconds of a fit; counts: one of each day that is over."""
    errors, seconds = [], []
    for back in range(CUT_OFFS, 0, -1):
        seen = len(counts) - HORIZON * back
        started = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            fitted = ExponentialSmoothing(counts[:seen], seasonal="add", seasonal_periods=7).fit()
        seconds.append(time.process_time() - started)
        errors.append(fitted.forecast(HORIZON) - counts[seen : seen + HORIZON])
    return float(np.sqrt(np.mean(np.square(errors)))), float(np.median(seconds))


def _print_version(con: duckdb.DuckDBPyConnection) -> None:
    for kind, last_week, weekday_mean, calendar_model, chosen in con.execute(_TESTED).fetchall():
        counts = np.array([count for (count,) in con.execute(_COUNTS, {"kind": kind}).fetchall()], dtype=np.float64)
        smoothing, seconds = smoothing_error(counts)
        errors = " | ".join(f"{error:.2f}" for error in (last_week, weekday_mean, smoothing, calendar_model))
        print(f"| {kind}, {counts.mean():.1f} a day | {errors} | {chosen} | {seconds:.2f} |")


def main() -> None:
    print("| | last week | weekday mean | smoothing | calendar model | chosen | s of a fit of smoothing |")
    print("|---|---:|---:|---:|---:|---|---:|")
    for file in sys.argv[1:]:
        with connect(Path(file), read_only=True) as con:
            _print_version(con)


if __name__ == "__main__":
    main()
