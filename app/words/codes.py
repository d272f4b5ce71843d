"""Words: codes of product and issue families that appliance makers use; a company's own are shown as they are."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "family.air_conditioner": ("Air conditioner", "空调"),
    "family.kitchen_appliance": ("Kitchen appliance", "厨房电器"),
    "family.refrigerator": ("Refrigerator", "冰箱"),
    "family.washing_machine": ("Washing machine", "洗衣机"),
    "family.water_heater": ("Water heater", "热水器"),
    "family.water_purifier": ("Water purifier", "净水器"),
    "issue.cleaning": ("Cleaning", "清洗保养"),
    "issue.no_power": ("No power", "不通电"),
    "issue.weak_cooling_or_heating": ("Weak cooling or heating", "制冷制热弱"),
    "issue.installation": ("Installation", "安装"),
    "issue.leak": ("Leak", "漏水漏气"),
    "issue.noise": ("Noise", "异响"),
    "issue.error_code": ("Error code", "故障代码"),
    "issue.usage_question": ("Usage question", "使用咨询"),
}
