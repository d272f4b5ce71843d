"""What a page of AppTest holds beyond its words."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest


def chart_rows(test: AppTest) -> list[pd.DataFrame]:
    """The rows behind each layer of each chart."""
    return [
        pa.ipc.open_stream(dataset.data.data).read_all().to_pandas()
        for chart in test.get("vega_lite_chart")
        for dataset in chart.proto.datasets
    ]
