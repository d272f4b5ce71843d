"""Marts about costs and what moves them: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "agg_cost_reconciliation_monthly": (
        Contradiction(
            "parts_in_whole",
            "the carried, the called and the unallocated are the ledger and the difference",
            "allocated_amount + call_without_ticket_amount + unallocated_amount <> ledger_amount + difference_amount",
            ("month_start_date", "site_id", "component", "ledger_amount", "allocated_amount", "unallocated_amount"),
        ),
    ),
    "agg_cost_change_split": (
        Contradiction(
            "effects_are_change",
            "the effects of a segment's total are its change",
            "measure = 'cost_total' and abs(total_change - (amount_after - amount_before)) > 1e-6 * greatest(1, "
            "abs(amount_after), abs(amount_before))",
            ("period_start_date", "segment", "amount_before", "amount_after", "total_change"),
        ),
    ),
    "agg_cost_change_effects": (
        Contradiction(
            "effects_are_change",
            "volume, mix and rate lead from one value to the other",
            "is_comparable and abs(value_before + volume_effect + mix_effect + rate_effect - value_after) > 1e-6 * "
            "greatest(1, abs(value_before), abs(value_after))",
            ("period_grain", "period_start_date", "comparison", "measure", "segment", "value_before", "value_after"),
        ),
    ),
    "agg_labor_levers_monthly": (
        Contradiction(
            "effects_are_change",
            "the effects of heads and of pay per head are the change against the month before",
            "previous_heads_effect_amount + previous_pay_effect_amount <> pay_amount - previous_pay_amount",
            ("month_start_date", "site_id", "work_role", "pay_amount", "previous_pay_amount"),
        ),
        Contradiction(
            "effects_are_change_of_a_year",
            "the effects of heads and of pay per head are the change against a year before",
            "year_before_heads_effect_amount + year_before_pay_effect_amount <> pay_amount - year_before_pay_amount",
            ("month_start_date", "site_id", "work_role", "pay_amount", "year_before_pay_amount"),
        ),
    ),
    "agg_part_levers_monthly": (
        Contradiction(
            "effects_are_change",
            "the effects of quantity, price and recovery are the change against the month before",
            "previous_quantity_effect_amount + previous_price_effect_amount + previous_recovery_effect_amount <> "
            "spend_amount - previous_spend_amount",
            ("month_start_date", "part_id", "part_kind", "spend_amount", "previous_spend_amount"),
        ),
        Contradiction(
            "effects_are_change_of_a_year",
            "the effects of quantity, price and recovery are the change against a year before",
            "year_before_quantity_effect_amount + year_before_price_effect_amount + "
            "year_before_recovery_effect_amount <> spend_amount - year_before_spend_amount",
            ("month_start_date", "part_id", "part_kind", "spend_amount", "year_before_spend_amount"),
        ),
    ),
}
