"""What the invented company 豪盛电器 (Haosheng Appliances) calls things: sites, products, faults, parts, names."""

from __future__ import annotations

from typing import NamedTuple


class Site(NamedTuple):
    """A service site as the CRM knows it; `demand` is its share of customers, `rent` CNY a month at full size."""

    code: str
    name: str
    kind: str
    region: str
    city: str
    hours: str
    latitude: float
    longitude: float
    opened: str
    demand: float
    rent: int


SITES = (
    Site("HL01", "豪盛客户服务中心", "呼叫中心", "总部", "合肥", "24x7", 31.8206, 117.2272, "2015-03-01", 0.0, 9_800),
    Site("SH01", "上海浦东服务站", "维修站", "华东", "上海", "extended", 31.2215, 121.5447, "2012-05-01", 0.13, 9_200),
    Site("SH02", "上海闵行服务站", "维修站", "华东", "上海", "standard", 31.1128, 121.3817, "2016-09-01", 0.08, 7_100),
    Site("NJ01", "南京服务站", "维修站", "华东", "南京", "standard", 32.0603, 118.7969, "2013-04-15", 0.08, 5_200),
    Site("HZ01", "杭州服务站", "维修站", "华东", "杭州", "extended", 30.2741, 120.1551, "2013-06-01", 0.09, 6_000),
    Site("SZ01", "苏州备件服务站", "备件库", "华东", "苏州", "standard", 31.2989, 120.5853, "2014-02-20", 0.07, 6_400),
    Site("GZ01", "广州服务站", "维修站", "华南", "广州", "extended", 23.1291, 113.2644, "2012-08-01", 0.10, 6_900),
    Site("SZX1", "深圳服务站", "维修站", "华南", "深圳", "extended", 22.5431, 114.0579, "2014-03-10", 0.09, 7_600),
    Site(
        "FS01", "佛山授权服务商", "授权服务商", "华南", "佛山", "standard", 23.0218, 113.1219, "2018-01-08", 0.05, 3_100
    ),
    Site("BJ01", "北京服务站", "维修站", "华北", "北京", "extended", 39.9042, 116.4074, "2012-03-01", 0.11, 8_700),
    Site("TJ01", "天津服务站", "维修站", "华北", "天津", "standard", 39.0842, 117.2009, "2015-10-01", 0.05, 4_300),
    Site("WH01", "武汉服务站", "维修站", "华中", "武汉", "standard", 30.5928, 114.3055, "2014-07-01", 0.06, 4_100),
    Site("CD01", "成都服务站", "维修站", "西南", "成都", "standard", 30.5728, 104.0668, "2014-11-01", 0.06, 4_400),
    Site(
        "CQ01", "重庆授权服务商", "授权服务商", "西南", "重庆", "standard", 29.5630, 106.5516, "2019-05-01", 0.03, 2_900
    ),
)
HOTLINE = 0
SLOW_SITES = ("TJ01", "FS01")
SHORTAGE_SITE = "CD01"
SHORTAGE_PART = "P-AC-02"
COACHED_SITE = "WH01"
SITE_INDEX = {site.code: index for index, site in enumerate(SITES)}

FAMILIES = ("空调", "冰箱", "洗衣机", "热水器", "厨电", "净水器")
FAMILY_SHARES = (0.30, 0.17, 0.18, 0.14, 0.11, 0.10)
FAMILY_SEASONS = ((0.75, 200), (0.25, 195), (0.10, 20), (0.45, 15), (0.15, 30), (0.10, 150))
"""Amplitude and day of the year of the peak of demand."""
LINES = (
    ("变频挂机", "变频柜机"),
    ("风冷冰箱", "多门冰箱"),
    ("滚筒洗衣机", "波轮洗衣机"),
    ("燃气热水器", "电热水器"),
    ("油烟机", "燃气灶"),
    ("反渗透净水器", "前置过滤器"),
)
MODEL_PREFIXES = ("KFR", "BCD", "XQG", "JSQ", "CXW", "RO")
BASE_PRICES = (3_299, 3_899, 2_899, 2_199, 2_499, 1_799)
BAD_BATCH_MODEL = 2 * 4 + 1
BAD_BATCH_ISSUE = 2

ISSUES = ("不通电", "制冷制热差", "漏水", "异响", "故障代码", "使用咨询", "清洗保养", "安装移机")
CORRECTIVE_ISSUES = 5
"""The first five issues are faults: their visits are corrective."""
ISSUE_MIX = (
    (0.10, 0.34, 0.10, 0.11, 0.12, 0.09, 0.08, 0.06),
    (0.12, 0.33, 0.12, 0.15, 0.10, 0.10, 0.06, 0.02),
    (0.13, 0.02, 0.22, 0.21, 0.20, 0.11, 0.07, 0.04),
    (0.16, 0.25, 0.16, 0.06, 0.16, 0.10, 0.06, 0.05),
    (0.17, 0.04, 0.08, 0.25, 0.09, 0.12, 0.18, 0.07),
    (0.10, 0.03, 0.29, 0.12, 0.14, 0.14, 0.14, 0.04),
)
SYMPTOMS = (
    ("整机无反应", "开机后自动断电", "指示灯不亮", "插电跳闸"),
    ("制冷效果差", "不出热水", "温度达不到设定值", "出风不冷"),
    ("机身底部漏水", "接口处渗水", "冷凝水滴落", "排水管漏水"),
    ("运行异响", "启动时震动大", "风机啸叫", "脱水时撞桶"),
    ("显示E1", "显示E4", "显示F3", "面板报警"),
    ("咨询功能设置", "咨询保修政策", "咨询耗材型号", "APP连接失败"),
    ("预约清洗", "滤网更换", "年度保养", "除垢服务"),
    ("新机安装", "移机", "加装支架", "更换安装位置"),
)
MODES = ("上门", "到店", "远程")
ON_SITE, IN_SHOP, REMOTE = 0, 1, 2
MODE_MIX = (
    (0.62, 0.16, 0.22), (0.70, 0.08, 0.22), (0.73, 0.07, 0.20), (0.62, 0.11, 0.27), (0.45, 0.12, 0.43),
    (0.05, 0.03, 0.92), (0.86, 0.08, 0.06), (0.93, 0.01, 0.06),
)  # fmt: skip
COMPLEXITIES = ("简单", "中等", "复杂")
PRIORITIES = ("P1", "P2", "P3", "P4")
URGENT, HIGH, NORMAL, LOW = 0, 1, 2, 3
CHANNELS = ("TEL", "APP", "WEB", "IM", "WX", "STORE", "MAIL")
CHANNEL_MIX = (0.50, 0.17, 0.09, 0.10, 0.05, 0.06, 0.03)
PHONE, APP, WEB, CHAT, SOCIAL, STORE, MAIL = range(7)
STATUSES = ("待受理", "处理中", "待客户", "待配件", "挂起", "已解决", "已关闭", "已取消", "已合并", "未能解决")
NEW, OPEN, WAIT_CUSTOMER, WAIT_PARTS, HOLD, RESOLVED, CLOSED, CANCELLED, MERGED, UNRESOLVED = range(10)
UNRESOLVED_REASONS = ("超出保修客户放弃维修", "配件已停产", "客户不接受报价", "建议换机")
DELAY_REASONS = ("缺件", "客户改约", "人手不足", "技术升级", "恶劣天气")

PART_NAMES = (
    (
        ("变频主控板", "repair", 186),
        ("变频压缩机", "replacement", 612),
        ("风机电机", "replacement", 148),
        ("制冷剂", "consumable", 42),
    ),
    (
        ("温控器", "repair", 58),
        ("压缩机", "replacement", 436),
        ("门封条", "replacement", 66),
        ("除霜传感器", "repair", 31),
    ),
    (
        ("排水泵", "replacement", 74),
        ("电脑板", "repair", 162),
        ("减震器", "replacement", 52),
        ("进水阀", "repair", 38),
    ),
    (
        ("燃气比例阀", "repair", 118),
        ("加热管", "replacement", 86),
        ("点火器", "repair", 35),
        ("镁棒", "consumable", 22),
    ),
    (
        ("风机总成", "replacement", 172),
        ("触控面板", "repair", 94),
        ("点火针", "repair", 16),
        ("油网", "consumable", 27),
    ),
    (
        ("反渗透滤芯", "consumable", 158),
        ("增压泵", "replacement", 126),
        ("电磁阀", "repair", 44),
        ("前置滤芯", "consumable", 36),
    ),
)
"""Per family: name, kind and cost of a piece in CNY."""
PART_PREFIXES = ("AC", "RF", "WM", "WH", "KT", "WP")
PART_KINDS = ("repair", "replacement", "consumable")
PART_KIND_CODES = {"repair": "维修件", "replacement": "更换件", "consumable": "耗材"}

COST_COMPONENTS = (
    "wage", "bonus", "social_insurance", "training", "repair", "replacement", "consumable", "rent", "utilities",
    "transport", "tools",
)  # fmt: skip
COMPONENT_CODES = ("工资", "奖金", "社保", "培训", "维修配件", "更换零部件", "耗材", "房租", "水电", "交通", "工具")

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文辉力健世广志义兴"
    "良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子浩宇晨欣怡佳思雨梓涵"
)
COMPANIES = ("宏达", "瑞丰", "金源", "东方", "盛世", "华泰", "安居", "悦来", "锦程", "云海", "天成", "恒信")
COMPANY_KINDS = ("酒店管理有限公司", "物业服务有限公司", "餐饮有限公司", "商贸有限公司", "公寓管理有限公司")
STREETS = ("人民路", "中山路", "解放路", "建设路", "和平路", "新华路", "文化路", "长江路", "黄河路", "学府路")
NEARBY = {
    "SH01": ("上海",), "SH02": ("上海",), "NJ01": ("南京", "镇江"), "HZ01": ("杭州", "绍兴"), "SZ01": ("苏州", "无锡"),
    "GZ01": ("广州", "清远"), "SZX1": ("深圳", "东莞"), "FS01": ("佛山", "中山"), "BJ01": ("北京", "廊坊"),
    "TJ01": ("天津",), "WH01": ("武汉", "孝感"), "CD01": ("成都", "绵阳"), "CQ01": ("重庆",),
}  # fmt: skip
"""Cities that a site serves."""
CITY_PLACES = {
    "上海": (31.22, 121.48), "南京": (32.05, 118.79), "镇江": (32.19, 119.43), "杭州": (30.27, 120.16),
    "绍兴": (30.00, 120.58), "苏州": (31.30, 120.60), "无锡": (31.49, 120.31), "广州": (23.13, 113.26),
    "清远": (23.68, 113.06), "深圳": (22.54, 114.06), "东莞": (23.02, 113.75), "佛山": (23.02, 113.12),
    "中山": (22.52, 113.39), "北京": (39.90, 116.40), "廊坊": (39.52, 116.70), "天津": (39.12, 117.20),
    "武汉": (30.59, 114.31), "孝感": (30.92, 113.92), "成都": (30.66, 104.07), "绵阳": (31.47, 104.68),
    "重庆": (29.56, 106.55),
}  # fmt: skip
"""Latitude and longitude of the middle of each city."""
SEGMENTS = ("普通会员", "银卡会员", "金卡会员", "企业客户")
