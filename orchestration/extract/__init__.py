"""Extraction: connectors, mapping and landing of feeds. Plain Python: knows neither Dagster nor the rest of orchestration."""
