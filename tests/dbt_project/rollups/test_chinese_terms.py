"""A Chinese reader finds the words of the founding documents: each is in the registry or describes a mart.

Left out: headings of chapters, and the terms of text analysis and of the closed loop, which no mart answers yet.
"""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3] / "dbt_project"
FILES = [PROJECT / "policies" / "kpi_registry.csv", *(PROJECT / "models" / "marts").rglob("*__models.yml")]

TERMS = {
    "speed": "提出 受理 首次响应 解决 回访 紧急问题处理速度 备件到达时间 服务完成率 紧急程度 渠道",
    "resolution": "解决能力 首次解决率 一次性解决率 一次修复率 问题解决率 重复联系率 解决彻底性 产品退货率 缺陷率",
    "satisfaction": "客户满意度 客户努力 及时性 友好度 有效性 服务态度 沟通 有效沟通率 专业度",
    "voices": "客户反馈数量 网络评分 神秘顾客 服务质量监测",
    "complaints": "投诉率 投诉处理时长",
    "retention": "客户保留 续费率 复购率 流失率",
    "cost": "服务成本 人力 工资 奖金 社保 培训 物料 维修配件 更换零部件 耗材 运营 网点租金 水电 交通 工具",
    "people": "工作效率 权重 激励 人员配置 高峰期",
    "network": "备件可用性 库存充足性 送货时间 服务覆盖范围 服务半径 上门 远程",
    "promise": "可靠性 服务承诺履行 服务一致性",
    "system": "财务 客户 内部运营 学习与成长",
}


@pytest.fixture(scope="module")
def published_words() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in FILES)


@pytest.mark.parametrize("chapter", TERMS)
def test_each_term_of_the_documents_is_a_word_of_the_warehouse(chapter: str, published_words: str) -> None:
    assert [term for term in TERMS[chapter].split() if term not in published_words] == []
