"""Words: retention."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "retention.activity": ("Activity", "活动"),
    "retention.source": ("Source", "来源"),
    "retention.form": ("Counted as active", "活跃口径"),
    "retention.exact": ("in exactly this month", "恰在当月"),
    "retention.unbounded": ("in this month or later", "当月或之后"),
    "activity.product_use": ("Used the product", "产品使用"),
    "activity.purchase": ("Bought", "购买"),
    "activity.service": ("Was served", "接受服务"),
    "source.all": ("Whole company", "全公司"),
    "retention.triangle": ("Who comes back, by month of first activity", "按首次活动月份的留存"),
    "retention.first_months": ("The first {months} months are shown.", "仅显示首次活动后的前 {months} 个月。"),
    "retention.triangle_grain": (
        "One cell per cohort (customers whose first activity fell in that month) and months since: the share active "
        "{form}. Grey cells are incomplete: their month had not passed at the as-of time, so a low number there is "
        "not a fall.",
        "每格为一个群组（首次活动在该月的客户）与经过月数：{form}活跃的占比。灰色格不完整：截止时该月尚未结束，"
        "数值低并不代表下降。",
    ),
    "retention.curves": ("Are newer customers staying longer?", "新客户是否留得更久？"),
    "retention.curves_grain": (
        "One line per number of months since the first activity, over the cohorts; complete cells only.",
        "每条线为首次活动后的月数，按群组展示；仅含完整格。",
    ),
    "retention.decay": ("How fast customers fall away", "客户流失速度"),
    "retention.decay_grain": (
        "One line per cohort over the months since its first activity, complete cells only. Set off are the first "
        "cohort and the latest with half a year behind it.",
        "每条线为一个群组，按首次活动后的月数，仅含完整格；突出显示最早的群组与满半年的最新群组。",
    ),
    "retention.after_months": ("Month {count}", "第 {count} 个月"),
    "retention.flows": ("Who came, came back and left?", "谁新增、回流与流失？"),
    "retention.flows_grain": (
        "Customers active at the start of {period}, new, returning and lost ones, and those active at its end; whole "
        "company. The axis need not start at 0.",
        "{period}期初活跃客户、新增、回流、流失及期末活跃客户；全公司。坐标轴不一定从 0 开始。",
    ),
    "retention.immature": (
        "Less than 12 months of history lie before this period: nobody can have left yet.",
        "该期之前不足 12 个月历史：尚无法判定流失。",
    ),
    "retention.start": ("At the start", "期初"),
    "retention.new": ("New", "新增"),
    "retention.returning": ("Came back", "回流"),
    "retention.churned": ("Left", "流失"),
    "retention.end": ("At the end", "期末"),
    "retention.flow_money": (
        "What each group bought in the period; of those who left, what they had bought in the 12 months before it.",
        "各组客户在该期的购买金额；流失客户为期前 12 个月的购买金额。",
    ),
    "retention.retained_money": ("Stayed", "保留"),
    "retention.new_money": ("New", "新增"),
    "retention.returning_money": ("Came back", "回流"),
    "retention.lost_money": ("Left (year before)", "流失（此前一年）"),
    "retention.no_money": ("No amounts go with this activity.", "该活动没有金额。"),
    "retention.size": ("Cohort size", "群组人数"),
    "retention.note": (
        "A service contact is not continued use of the product: the two activities are kept apart.",
        "接受服务不等于继续使用产品：两种活动分开统计。",
    ),
}
