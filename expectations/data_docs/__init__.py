"""The gates' outcomes as Great Expectations' Data Docs: a page for each gate and table, readable offline."""
