"""The views: each selects rows that the marts hold ready, and draws them."""
