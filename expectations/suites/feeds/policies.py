"""What rows of policy tables must not say: values in the wrong order, and contradictions."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Feed → (column, the column it must not be less than or before).
ORDER: Order = {
    "sla_policies": (("valid_to_date", "valid_from_date"),),
    "call_policies": (("valid_to_date", "valid_from_date"),),
    "kpi_registry": (("valid_to_date", "valid_from_date"),),
    "scorecard_weights": (("valid_to_date", "valid_from_date"),),
    "cost_drivers": (("valid_to_date", "valid_from_date"),),
    "reference_values": (("valid_to_date", "valid_from_date"),),
}

# A misspelt stage would never pause anything, and nobody would notice.
_STAGE = "(new|open|waiting_customer|waiting_parts|on_hold)"

# Feed → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "calendars": (
        Contradiction(
            "holidays_are_listed",
            "a calendar's holiday region has days in calendar_days",
            "holiday_region is not null and holiday_region not in (select holiday_region from policy.calendar_days)",
            ("calendar_id", "holiday_region"),
        ),
    ),
    "sla_policies": (
        Contradiction(
            "stages_pause",
            "paused_stages names stages of an open ticket, separated by a space",
            f"paused_stages is not null and not regexp_full_match(paused_stages, '{_STAGE}( {_STAGE})*')",
            ("policy_id", "paused_stages"),
        ),
    ),
    "kpi_registry": (
        Contradiction(
            "worst_is_not_best",
            "a KPI's worst and best values differ and lie in its direction",
            "(direction = 'higher' and worst >= best) or (direction = 'lower' and worst <= best)",
            ("kpi_id", "direction", "worst", "best"),
        ),
        Contradiction(
            "weighs_with_target",
            "a KPI that weighs in its class has a target, a worst and a best value",
            "weight > 0 and (target is null or worst is null or best is null)",
            ("kpi_id", "weight", "target", "worst", "best"),
        ),
    ),
    "cost_drivers": (
        Contradiction(
            "driver_fits_group",
            "labour is shared over the work of a person, operations over that of a site",
            "(cost_group = 'labor' and driver in ('tickets_raised', 'tickets_finished')) or (cost_group = "
            "'operations' and driver = 'ticket_touches')",
            ("driver_row_id", "cost_group", "driver"),
        ),
        Contradiction(
            "component_fits_group",
            "a component belongs to its cost group",
            "(cost_group = 'labor') <> (component in ('wage', 'bonus', 'social_insurance', 'training'))",
            ("driver_row_id", "cost_group", "component"),
        ),
    ),
    "kpi_events": (
        Contradiction(
            "event_names_kpi",
            "an event is of a KPI of the registry, or of all",
            "kpi_id is not null and kpi_id not in (select kpi_id from policy.kpi_registry)",
            ("event_id", "kpi_id"),
        ),
    ),
    "improvement_actions": (
        Contradiction(
            "moves_a_registered_kpi",
            "the KPI that a measure is to move is one of the registry",
            "kpi_id not in (select kpi_id from policy.kpi_registry)",
            ("action_id", "kpi_id"),
        ),
    ),
    "reference_values": (
        Contradiction(
            "says_one_thing",
            "a benchmark is a value; a reference case is a value before and after, or a change",
            "(kind = 'benchmark' and (value_after is null or value_before is not null or relative_change is not "
            "null)) or (kind = 'reference_case' and ((value_before is null) <> (value_after is null) or "
            "(value_after is null) = (relative_change is null)))",
            ("reference_id", "kind", "value_before", "value_after", "relative_change"),
        ),
    ),
}
