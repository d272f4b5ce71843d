"""What a version has: its tables and columns with the words that the models have for them."""

from __future__ import annotations

from typing import Final

TABLES: Final = """
select table_schema, table_name, TABLE_COMMENT as description
from information_schema.tables
where table_schema in ('marts', 'meta')
order by table_schema, table_name
"""

COLUMNS: Final = """
select column_name, data_type, COLUMN_COMMENT as description
from information_schema.columns
where table_schema = ? and table_name = ?
order by ordinal_position
"""
