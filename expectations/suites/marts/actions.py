"""Marts of improvement measures: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "fct_improvement_actions": (
        ("due_date", "raised_date"),
        ("done_date", "raised_date"),
        ("trigger_to_date", "trigger_from_date"),
    ),
    "agg_action_months": (("value", "interval_low"), ("interval_high", "value")),
    "agg_action_effects": (("effect", "effect_low"), ("effect_high", "effect")),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "fct_improvement_actions": (
        Contradiction(
            "done_has_day",
            "a measure is done if and only if its day is known",
            "(status in ('done', 'done_late')) <> (done_date is not null)",
            ("action_id", "status", "done_date"),
        ),
        Contradiction(
            "late_has_days",
            "a measure is overdue, or was done late, if and only if it has days of delay",
            "(status in ('overdue', 'done_late')) <> (late_days > 0)",
            ("action_id", "status", "late_days"),
        ),
    ),
    "agg_action_effects": (
        Contradiction(
            "told_leaves_out_nothing",
            "what is told apart from noise has an interval that leaves out 0, and nothing else has",
            "(verdict in ('improved', 'worsened')) <> coalesce(effect_low > 0 or effect_high < 0, false)",
            ("action_id", "design", "verdict", "effect_low", "effect_high"),
        ),
        Contradiction(
            "expected_is_after_less_effect",
            "what was to be expected and the effect add up to what came",
            "abs(expected_value + effect - after_value) > 1e-6 * (abs(after_value) + abs(effect))",
            ("action_id", "design", "expected_value", "effect", "after_value"),
        ),
    ),
}
