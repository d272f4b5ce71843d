"""Marts about KPIs, their policies, scorecards and classes: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "dim_kpis": (("valid_to_date", "valid_from_date"),),
    "dim_scorecard_weights": (("valid_to_date", "valid_from_date"),),
    "dim_reference_values": (("valid_to_date", "valid_from_date"),),
    "kpi_values": (("period_end_date", "period_start_date"), ("value", "interval_low"), ("interval_high", "value")),
    "agg_kpi_changes": (
        ("period_end_date", "period_start_date"),
        ("change", "change_low"),
        ("change_high", "change"),
        ("year_change", "year_change_low"),
        ("year_change_high", "year_change"),
        ("limit_center", "limit_low"),
        ("limit_high", "limit_center"),
    ),
    "agg_technician_scorecards": (
        ("value", "interval_low"),
        ("interval_high", "value"),
        ("adjusted_value", "adjusted_low"),
        ("adjusted_high", "adjusted_value"),
        ("rank_high", "rank_low"),
        ("ranked_count", "rank_high"),
        ("total_score", "total_low"),
        ("total_high", "total_score"),
        ("total_rank_high", "total_rank_low"),
        ("total_ranked_count", "total_rank_high"),
    ),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "kpi_values": (
        Contradiction(
            "share_in_range",
            "a share lies between 0 and 1",
            "unit = 'share' and (value < 0 or value > 1)",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        Contradiction(
            "part_of_whole",
            "the numerator of a share is not above its denominator",
            "unit = 'share' and numerator > denominator",
            ("kpi_id", "period_start_date", "segment", "numerator", "denominator"),
        ),
        Contradiction(
            "net_score_in_range",
            "a net score lies between -100 and 100",
            "unit = 'points' and (value < -100 or value > 100)",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        Contradiction(
            "duration_in_range",
            "durations, hours, counts and ratios of amounts are not negative",
            "unit in ('seconds', 'hours', 'count', 'number', 'ratio') and value < 0",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        Contradiction(
            "value_has_denominator",
            "a KPI has a value exactly where its denominator is not 0",
            "(value is null) <> (denominator = 0)",
            ("kpi_id", "period_start_date", "segment", "value", "denominator"),
        ),
    ),
    "agg_kpi_changes": (
        Contradiction(
            "change_is_difference",
            "a change is the value less the one before it",
            "change is distinct from value - previous_value",
            ("kpi_id", "period_start_date", "segment", "value", "previous_value", "change"),
        ),
        Contradiction(
            "verdict_has_grounds",
            "what is called real or noise has ended, and has an interval or a signal",
            "verdict <> 'unknown' and (not is_complete or change is null or (change_low is null and signal is null))",
            ("kpi_id", "period_start_date", "segment", "verdict", "change_low", "signal", "is_complete"),
        ),
        Contradiction(
            "year_change_is_difference",
            "a change from the year before is the value less the one of that year",
            "year_change is distinct from value - year_before_value",
            ("kpi_id", "period_start_date", "segment", "value", "year_before_value", "year_change"),
        ),
        Contradiction(
            "year_verdict_has_grounds",
            "what is called real or noise against the year before has ended, and has an interval; of a year, a verdict",
            "year_verdict <> 'unknown' and (not is_complete or year_change is null"
            " or (year_change_low is null and (period_grain <> 'year' or year_verdict <> verdict)))",
            ("kpi_id", "period_start_date", "segment", "year_verdict", "year_change_low", "is_complete"),
        ),
        Contradiction(
            "signal_has_limits",
            "there is a signal exactly where there are limits",
            "(signal is null) <> (limit_center is null)",
            ("kpi_id", "period_start_date", "segment", "signal", "limit_center"),
        ),
    ),
    "agg_kpi_change_split": (
        Contradiction(
            "effects_add_up",
            "mix and rate are the effect",
            "abs(mix_effect + rate_effect - effect) > 1e-6 * greatest(1, abs(mix_effect), abs(rate_effect))",
            ("kpi_id", "period_start_date", "dimension", "member", "mix_effect", "rate_effect", "effect"),
        ),
        Contradiction(
            "total_has_no_mix",
            "a total has neither mix nor rate, everything else has both",
            "(driver = 'total') <> (mix_effect is null) or (driver = 'total') <> (rate_effect is null)",
            ("kpi_id", "period_start_date", "dimension", "member", "driver", "mix_effect", "rate_effect"),
        ),
    ),
    "agg_kpi_change_drill": (
        Contradiction(
            "effects_add_up",
            "mix and rate are the effect",
            "abs(mix_effect + rate_effect - effect) > 1e-6 * greatest(1, abs(mix_effect), abs(rate_effect))",
            ("kpi_id", "period_start_date", "member", "second_member", "mix_effect", "rate_effect", "effect"),
        ),
        Contradiction(
            "total_has_no_mix",
            "a total has neither mix nor rate, everything else has both",
            "(driver = 'total') <> (mix_effect is null) or (driver = 'total') <> (rate_effect is null)",
            ("kpi_id", "period_start_date", "member", "second_member", "driver", "mix_effect", "rate_effect"),
        ),
    ),
    "agg_findings": (
        Contradiction(
            "moved_is_real",
            "what is told as better, worse or changed is a real change",
            "finding_kind in ('worse', 'better', 'changed') and (verdict <> 'real' or change is null)",
            ("kpi_id", "period_start_date", "finding_kind", "verdict", "change"),
        ),
        Contradiction(
            "level_has_signal",
            "what is told of a level is a signal near a limit, or a run",
            "finding_kind = 'level' and coalesce(signal, 'none') not in ('near_limit', 'run')",
            ("kpi_id", "period_start_date", "finding_kind", "signal"),
        ),
        Contradiction(
            "at_most_five",
            "a period has five findings at most",
            "finding_rank not between 1 and 5",
            ("kpi_id", "period_start_date"),
        ),
    ),
    "kpi_items": (
        Contradiction(
            "known_state",
            "an item is counted, immature, censored or excluded",
            "state not in ('counted', 'immature', 'censored', 'excluded')",
            ("kpi_id", "subject_kind", "subject_id", "state"),
        ),
        Contradiction(
            "excluded_has_reason",
            "what is excluded names its rule; of what is not, only another way out of a curve is named",
            "(state = 'excluded') <> (reason is not null) and (state <> 'counted' or reason <> 'other_exit')",
            ("kpi_id", "subject_kind", "subject_id", "state", "reason"),
        ),
        Contradiction(
            "counted_adds",
            "what is counted adds to numerator and denominator",
            "state = 'counted' and (numerator is null or denominator is null)",
            ("kpi_id", "subject_kind", "subject_id", "numerator", "denominator"),
        ),
    ),
    "agg_technician_scorecards": (
        Contradiction(
            "little_data_no_score",
            "below the minimum sample there is no score and no rank",
            "not is_enough_data and (score is not null or rank_low is not null or comparison <> 'not_enough_data')",
            ("technician_id", "kpi_id", "eligible_count", "minimum_sample", "score", "rank_low", "comparison"),
        ),
    ),
    "agg_class_scores": (
        Contradiction(
            "half_of_weight_scores",
            "a class has a score exactly where half of its weight was scored",
            "(class_score is null) <> (scored_weight < 50)",
            ("period_grain", "period_start_date", "kpi_class", "segment", "class_score", "scored_weight"),
        ),
    ),
}
