"""What an alert says, in English and Chinese. Only names of tables, feeds, steps and KPIs, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from orchestration.alerts.signals import Signal

Language = Literal["en", "zh"]

_WORDS: Mapping[str, tuple[str, str]] = {
    "subject.failed_gate": (
        "{company}: {gate} stopped the build; nothing was published",
        "{company}：{gate} 拦下了构建；未发布新版本",
    ),
    "subject.failed_build": (
        "{company}: a build failed; nothing was published",
        "{company}：构建失败；未发布新版本",
    ),
    "subject.late_feed": ("{company}: late data: {feeds}", "{company}：数据迟到：{feeds}"),
    "subject.kpi_signal": ("{company}: KPI signals: {kpis}", "{company}：KPI 信号：{kpis}"),
    "subject.recovered": ("{company}: recovered", "{company}：已恢复"),
    "subject.test": ("{company}: a test of the alerts", "{company}：告警测试"),
    "check": ("{table}{column}: {expectation} failed", "{table}{column}：{expectation} 未通过"),
    "more_checks": ("and {count} more", "另有 {count} 项"),
    "step": ("{step} failed: {reason}", "{step} 失败：{reason}"),
    "died": (
        "Build {build} was killed; its log ends at {at} in step {step}. The next build has started.",
        "构建 {build} 被强行终止；其日志止于 {at}，步骤 {step}。下一次构建已开始。",
    ),
    "late": ("{feed}: {message}", "{feed}：{message}"),
    "off_target": (
        "{kpi}: {value} in {period}, off the target of {target} (sample {sample})",
        "{kpi}：{period} 为 {value}，未达目标 {target}（样本量 {sample}）",
    ),
    "out_of_limits": (
        "{kpi}: {value} in {period}, outside {low} to {high}, the natural limits of the {months} months before "
        "(sample {sample})",
        "{kpi}：{period} 为 {value}，超出此前 {months} 个月的自然波动范围 {low} 至 {high}（样本量 {sample}）",
    ),
    "near_limit": (
        "{kpi}: {value} in {period}; the second of three months near the same end of {low} to {high}, the natural "
        "limits of the {months} months before (sample {sample})",
        "{kpi}：{period} 为 {value}；最近三个月中第二次接近此前 {months} 个月自然波动范围 {low} 至 {high} 的同一端"
        "（样本量 {sample}）",
    ),
    "shifted": (
        "{kpi}: {value} in {period}; the 8th month in a row on one side of {center}, the mean of the {months} months "
        "before (sample {sample})",
        "{kpi}：{period} 为 {value}；连续 8 个月位于此前 {months} 个月均值 {center} 的同一侧（样本量 {sample}）",
    ),
    "restated": (
        "{kpi}: {period} is now {value}; {before} was published before (cause: {cause})",
        "{kpi}：{period} 现为 {value}；此前发布为 {before}（原因：{cause}）",
    ),
    "published_again": (
        "Build {build} published. Since {since} it had failed: {what}",
        "构建 {build} 已发布。自 {since} 起曾失败：{what}",
    ),
    "feed_again": ("{feed} is up to date again; it was late since {since}", "{feed} 数据已恢复及时；自 {since} 起迟到"),
    "test": ("If you read this, this route works.", "收到此消息即表示该通道可用。"),
    "served": ("Readers go on with the last good version.", "读者继续使用上一个正常版本。"),
    "look_failed": (
        "Where to look: {log}; what to do: docs/gates.md and docs/operations.md.",
        "查看：{log}；处理办法见 docs/gates.md 与 docs/operations.md。",
    ),
    "look_report": (
        "Where to look: the report, pages of the KPI and Data health; log: {log}",
        "查看：报表中该 KPI 的页面与“数据健康”；日志：{log}",
    ),
    "none": ("none", "无"),
}


def word(key: str, language: Language, **values: object) -> str:
    """The text of `key` with `values` put in."""
    return _WORDS[key][language == "zh"].format(**values)


def signal_line(signal: Signal, language: Language, currency: str) -> str:
    """One line for one KPI signal."""

    def shown(value: float | None) -> str:
        return word("none", language) if value is None else _shown(value, signal.unit, currency)

    start = signal.period_start_date
    period = f"{start:%Y-%m}" if signal.period_grain == "month" else f"{start.year} Q{(start.month + 2) // 3}"
    return word(
        signal.kind,
        language,
        kpi=signal.name_zh if language == "zh" else signal.name_en,
        value=shown(signal.value),
        target=shown(signal.target),
        low=shown(signal.limit_low),
        high=shown(signal.limit_high),
        center=shown(signal.limit_center),
        before=shown(signal.before),
        months=signal.month_count,
        sample="–" if signal.eligible_count is None else f"{signal.eligible_count:,}",
        cause=signal.cause,
        period=period,
    )


def _shown(value: float, unit: str, currency: str) -> str:
    shown = {
        "share": f"{value:.1%}",
        "ratio": f"{value:.1%}",
        "rate": f"{value:.2%}",
        "seconds": f"{value / 3600:,.2f} h" if abs(value) >= 3600 else f"{value / 60:,.1f} min",
        "currency": f"{value:,.2f} {currency}",
        "count": f"{value:,.0f}",
    }
    return shown.get(unit, f"{value:,.2f}")
