"""Extraction: connectors, mapping and landing of feeds; knows neither Dagster nor the rest of orchestration."""
