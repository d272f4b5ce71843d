"""The pieces that views are made of."""

from __future__ import annotations

import pytest

from app.components import table_height


@pytest.mark.parametrize(("row_count", "height"), [(1, 76), (3, 148), (7, 292), (8, 320), (200, 320)])
def test_a_table_is_as_high_as_its_rows_and_not_higher_than_asked(row_count: int, height: int) -> None:
    assert table_height(row_count, 320) == height
