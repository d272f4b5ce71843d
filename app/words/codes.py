"""Words: codes of product families that appliance makers use; a company's own beyond these are shown as they are."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "family.air_conditioner": ("Air conditioner", "空调"),
    "family.kitchen_appliance": ("Kitchen appliance", "厨房电器"),
    "family.refrigerator": ("Refrigerator", "冰箱"),
    "family.washing_machine": ("Washing machine", "洗衣机"),
    "family.water_heater": ("Water heater", "热水器"),
    "family.water_purifier": ("Water purifier", "净水器"),
}
