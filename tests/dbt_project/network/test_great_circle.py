"""Great-circle distances: known ones, and the laws of a distance."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import expression_sql

KM = expression_sql("great_circle_km('a', 'b', 'c', 'd')")
POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def km(*pairs: tuple[tuple[float, float], tuple[float, float]]) -> list[float]:
    with duckdb.connect() as con:
        rows = [
            con.execute(
                f"select {KM} from (select cast(? as double) a, cast(? as double) b, cast(? as double) c, "
                "cast(? as double) d)",
                [*one, *other],
            ).fetchone()
            for one, other in pairs
        ]
    return [row[0] for row in rows if row]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        # Quarter, half and none of the circumference of a sphere of 6371.0088 km.
        ((0, 0), (0, 90), 10_007.557),
        ((0, 0), (0, 180), 20_015.115),
        ((31.2, 121.5), (31.2, 121.5), 0),
        # Beijing to Shanghai, and across the date line.
        ((39.9042, 116.4074), (31.2304, 121.4737), 1067.3),
        ((0, 179.5), (0, -179.5), 111.195),
    ],
)
def test_known_distances(one: tuple[float, float], other: tuple[float, float], distance: float) -> None:
    assert km((one, other)) == [pytest.approx(distance, abs=0.2)]


@given(POINTS, POINTS, POINTS)
@settings(max_examples=60, deadline=None)
def test_a_distance_is_symmetric_and_a_detour_is_no_shortcut(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    ab, ba, ac, cb = km((a, b), (b, a), (a, c), (c, b))
    assert ab == pytest.approx(ba, abs=1e-6)
    assert 0 <= ab <= 20_015.2
    assert ab <= ac + cb + 1e-6
