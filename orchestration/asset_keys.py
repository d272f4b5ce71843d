"""Keys of the assets that more than one module speaks of."""

from __future__ import annotations

import dagster as dg

SETTINGS_KEY = dg.AssetKey(["build", "settings"])
FEEDS_KEY = dg.AssetKey(["build", "feeds"])
PUBLISHED_KEY = dg.AssetKey(["published", "warehouse"])
