"""What of each published table the data door lets through, with the rows that a visitor may see.

They are also the report's side of the interface: a file that lacks a table or column of them is too old.
"""

from __future__ import annotations

from typing import Final

# Of each table what the report reads of it, and no more. $all_sites: the whole company may be seen, else only the rows
# of $sites. $sees_people: so may rows and names of single persons. A table that is not here stays outside.
STATEMENTS: Final = {
    "meta.settings": """
        select company_name_en, company_name_zh, time_zone, currency, as_of_at
        from meta.settings
    """,
    "meta.builds": """
        select
            build_id, code_version, profile_name, input_fingerprint, duckdb_version, duration_seconds, as_of_at,
            started_at, published_at
        from meta.builds
    """,
    # Whether a feed is connected explains what is not available; how much it delivers is the company's number.
    "meta.feeds": """
        select
            feed, sources, is_connected, last_landed_at,
            case when $all_sites then row_count end as row_count,
            case when $all_sites then delivered_count end as delivered_count,
            case when $all_sites then superseded_count end as superseded_count,
            case when $all_sites then filtered_count end as filtered_count,
            case when $all_sites then rejected_count end as rejected_count
        from meta.feeds
    """,
    # These five speak of tables, not of sites, and quote values of any row.
    "meta.gates": """
        select
            build_id, gate, schema_name, table_name, column_name, expectation, severity, observed, message,
            element_count, unexpected_count, is_success, case when $sees_people then example_rows end as example_rows
        from meta.gates
        where $all_sites
    """,
    # Which KPIs are stamped concerns everybody who reads them; how many rows of the company are at fault does not.
    "meta.kpi_trust": """
        select
            kpi_id, trust, table_name, column_name, expectation, split_by,
            case when $all_sites then message end as message
        from meta.kpi_trust
    """,
    "meta.rejects_summary": """
        select feed, source, column_name, reason_kind, row_count, case when $sees_people then example end as example
        from meta.rejects_summary
        where $all_sites
    """,
    "meta.notices": """
        select noticed_at, feed, source, kind, place, column_name, message, build_id
        from meta.notices
        where $all_sites
    """,
    "meta.steps": """
        select
            build_id, step, kind, started_at, seconds, cpu_seconds, peak_memory_bytes, rows_in, rows_out,
            rejected_count
        from meta.steps
        where $all_sites
    """,
    "meta.tables": """
        select schema_name, table_name, row_count, content_hash
        from meta.tables
        where $all_sites
    """,
    "meta.restated_from": """
        select build_id
        from meta.restated_from
    """,
    # As of kpi_values: rows of the company, a region, a channel or a priority carry the site "all".
    "meta.restatements": """
        select
            kpi_id, period_grain, period_start_date, site_id, region, product_family, channel, priority, old_value,
            new_value, change, old_target, new_target, cause, evidence, importance
        from meta.restatements
        where $all_sites or site_id in (select unnest($sites))
    """,
    "meta.restatement_counts": """
        select kpi_id, cause, row_count
        from meta.restatement_counts
        where $all_sites
    """,
    # Names, definitions and targets: the same for every site.
    "marts.dim_kpis": """
        select
            kpi_id, name_en, name_zh, definition_en, definition_zh, kpi_class, audience, owner, kind, unit, direction,
            interval_method, definition_version, missing_feeds, segments, target, is_available, valid_from_date,
            valid_to_date
        from marts.dim_kpis
    """,
    # What others report, or what the documents claim of them.
    "marts.dim_reference_values": """
        select
            reference_id, kpi_id, source_en, source_zh, value_before, value_after, relative_change, is_claim,
            valid_from_date, valid_to_date
        from marts.dim_reference_values
    """,
    "marts.dim_kpi_subjects": """
        select kpi_id, subject_kind, table_name, key_expression, shown_columns, rows_rule, remaining_share
        from marts.dim_kpi_subjects
    """,
    "marts.dim_scorecard_weights": """
        select work_role, kpi_id, weight, valid_from_date, valid_to_date
        from marts.dim_scorecard_weights
    """,
    # Rows of the company, a region, a channel or a priority carry the site "all", which nobody is granted by name.
    "marts.kpi_values": """
        select
            kpi_id, unit, status, excluded_reason, value, numerator, denominator, eligible_count, immature_count,
            censored_count, excluded_count, interval_low, interval_high, target, is_complete, period_grain,
            period_start_date, period_end_date, segment, site_id, product_family, region, channel, priority, trust
        from marts.kpi_values
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_kpi_changes": """
        select
            kpi_id, verdict, value, change_low, change_high, signal, limit_low, limit_center, limit_high, strength,
            off_target_count, is_better, year_verdict, year_change_low, year_change_high, year_strength, year_is_better,
            baseline_count, rebased_date, is_complete, period_grain,
            period_start_date, site_id, product_family, region, channel, priority
        from marts.agg_kpi_changes
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Who made a change of the whole company: the sites side by side.
    "marts.agg_kpi_change_split": """
        select
            kpi_id, dimension, member, driver, previous_value, value, previous_weight, weight, mix_effect, rate_effect,
            effect, own_effect, cause_rank, is_main_cause, period_grain, period_start_date, comparison
        from marts.agg_kpi_change_split
        where $all_sites
    """,
    "marts.agg_kpi_change_drill": """
        select
            kpi_id, dimension, member, second_dimension, second_member, driver, previous_value, value, previous_weight,
            weight, mix_effect, rate_effect, effect, cause_rank, is_main_cause, period_grain, period_start_date,
            comparison
        from marts.agg_kpi_change_drill
        where $all_sites
    """,
    "marts.agg_findings": """
        select
            kpi_id, finding_rank, finding_kind, unit, signal, value, previous_value, change, change_low, change_high,
            limit_low, limit_center, limit_high, target, off_target_count, judged_count, is_split, cause_dimension,
            cause_member, cause_driver, cause_previous_value, cause_value, cause_previous_weight, cause_weight,
            part_dimension, part_member, part_driver, part_previous_value, part_value, part_previous_weight,
            part_weight, period_grain, period_start_date
        from marts.agg_findings
        where $all_sites
    """,
    # An event of the whole company explains a site's numbers too.
    "marts.dim_kpi_events": """
        select event_id, kpi_id, site_id, name_en, name_zh, reason, event_date
        from marts.dim_kpi_events
        where $all_sites or site_id is null or site_id in (select unnest($sites))
    """,
    "marts.agg_sla_at_risk": """
        select metric, subject_id, ticket_id, priority, due_band, margin_seconds, due_at, site_id, product_family,
            channel
        from marts.agg_sla_at_risk
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Whether a model is used explains a list; how well it foretells, and how often it comes, are the company's numbers.
    "marts.agg_risk_models": """
        select
            risk, subject_kind, group_kind, verdict, is_used,
            case when $all_sites then now_count end as now_count,
            case when $all_sites then judged_count end as judged_count,
            case when $all_sites then subject_count end as subject_count,
            case when $all_sites then event_share end as event_share,
            case when $all_sites then brier end as brier,
            case when $all_sites then base_brier end as base_brier,
            case when $all_sites then group_brier end as group_brier,
            case when $all_sites then brier_gain end as brier_gain,
            case when $all_sites then brier_gain_low end as brier_gain_low,
            case when $all_sites then brier_gain_high end as brier_gain_high,
            case when $all_sites then auc end as auc,
            case when $all_sites then auc_low end as auc_low,
            case when $all_sites then auc_high end as auc_high
        from marts.agg_risk_models
    """,
    "marts.agg_risk_calibration": """
        select
            risk, bin_number, probability_from, probability_to, mean_probability, event_share, event_share_low,
            event_share_high, judged_count, subject_count
        from marts.agg_risk_calibration
        where $all_sites
    """,
    "marts.agg_ticket_risks": """
        select
            risk, ticket_id, probability, reason_1, reason_1_value, reason_1_effect, reason_2, reason_2_value,
            reason_2_effect, reason_3, reason_3_value, reason_3_effect, priority, stage, rank_number, due_at, site_id,
            product_family, channel
        from marts.agg_ticket_risks
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Each row is a person's.
    "marts.agg_customer_risks": """
        select
            risk, customer_id, probability, reason_1, reason_1_value, reason_1_effect, reason_2, reason_2_value,
            reason_2_effect, reason_3, reason_3_value, reason_3_effect, rank_number, purchase_amount,
            days_since_purchase, request_count
        from marts.agg_customer_risks
        where $all_sites and $sees_people
    """,
    "marts.dim_sites": """
        select site_id, site_name, city, latitude, longitude
        from marts.dim_sites
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_response_monthly": """
        select
            month_start_date, ticket_count, answered_count, waiting_count, resolved_count, open_count,
            acceptance_mean_seconds, first_response_mean_seconds, first_response_median_seconds,
            first_response_p90_seconds, resolution_median_seconds, resolution_p90_seconds, first_response_open_share,
            resolution_open_share, site_id, product_family, channel, priority
        from marts.agg_response_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_satisfaction_monthly": """
        select
            month_start_date, question_kind, survey_kind, aspect, scale_max, answer_count, mean_score, top_box_share,
            top_box_low, top_box_high, nps, nps_low, nps_high, site_id, product_family
        from marts.agg_satisfaction_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_cost_composition_monthly": """
        select month_start_date, cost_group, component, amount, unallocated_amount, share, site_id, product_family
        from marts.agg_cost_composition_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Cohorts follow customers across sites.
    "marts.agg_retention_cohorts": """
        select
            activity, source, retention_form, cohort_month_date, period_number, cohort_size, active_count, amount,
            retention_share, is_complete, period_start_date
        from marts.agg_retention_cohorts
        where $all_sites
    """,
    "marts.agg_fcr_disagreement": """
        select
            variant_a, variant_b, period_grain, period_start_date, segment, site_id, product_family, channel,
            only_a_count, only_b_count, ticket_count, agreement_share, kappa
        from marts.agg_fcr_disagreement
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_repeats_by_issue": """
        select
            period_grain, period_start_date, site_id, product_family, issue_family, judged_count, repeated_count,
            repeat_share, repeat_low, repeat_high, share_of_repeats
        from marts.agg_repeats_by_issue
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_reasons": """
        select
            period_grain, period_start_date, reason_kind, reason, site_id, product_family, item_count, reason_share,
            is_reason
        from marts.agg_reasons
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Only what came back is shown one by one; of whom it is, nobody is told.
    "marts.fct_episodes": """
        select
            episode_id, site_id, product_family, issue_family, contact_count, repeat_count, reopening_count, call_count,
            visit_count, effort_minutes, is_open, first_contact_date, last_contact_at, channel, priority
        from marts.fct_episodes
        where repeat_count > 0 and ($all_sites or site_id in (select unnest($sites)))
    """,
    "marts.agg_complaints_monthly": """
        select month_start_date, complaint_kind, severity, outcome, complaint_count, site_id, product_family
        from marts.agg_complaints_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_complaints_by_kind": """
        select
            period_grain, period_start_date, kind_of, kind, site_id, product_family, complaint_count, open_count,
            recurrent_count, complaint_share, acknowledge_mean_seconds, handling_mean_seconds
        from marts.agg_complaints_by_kind
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Of whom a complaint speaks is told to who may see people; who complained, to nobody.
    "marts.fct_complaints": """
        select
            complaint_id, ticket_id, site_id, product_family, complaint_kind, severity, cause, outcome,
            acknowledge_seconds, handling_seconds, is_open, is_recurrent, raised_date,
            case when $sees_people then technician_id end as technician_id
        from marts.fct_complaints
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Rows of the whole company carry the site "all"; a site's row tells of the others only how its own stood to them.
    "marts.fct_improvement_actions": """
        select
            action_id, complaint_id, finding_en, finding_zh, cause, action_en, action_zh, owner_role, kpi_id, segment,
            member, site_id, product_family, status, running_days, late_days, raised_date, due_date, done_date
        from marts.fct_improvement_actions
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_action_effects": """
        select
            action_id, design, site_id, product_family, is_deciding, verdict, reason, before_value, after_value,
            expected_value, effect, effect_low, effect_high, is_seasonally_adjusted, before_count, after_count,
            trigger_count, extreme_count, compared_member_count, done_date
        from marts.agg_action_effects
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_action_months": """
        select action_id, month_start_date, site_id, product_family, phase, value, eligible_count
        from marts.agg_action_months
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_action_funnel": """
        select site_id, step, step_number, case_count
        from marts.agg_action_funnel
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_audit_scores": """
        select
            period_grain, period_start_date, audit_kind, aspect, site_id, product_family, score_count, mean_points,
            mean_low, mean_high
        from marts.agg_audit_scores
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.fct_reviews": """
        select review_id, site_id, platform, product_family, comment, rating, scale_max, reviewed_date, reviewed_at
        from marts.fct_reviews
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_feedback_sentiment": """
        select
            period_grain, period_start_date, feedback_kind, site_id, product_family, comment_count, read_count,
            positive_count, neutral_count, negative_count, negative_share, negative_low, negative_high
        from marts.agg_feedback_sentiment
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_feedback_themes": """
        select
            period_grain, period_start_date, theme, polarity, site_id, product_family, comment_count, read_count,
            comment_share, comment_low, comment_high, severity_mean, intensity_mean, weight_share, pareto_rank,
            cumulated_share
        from marts.agg_feedback_themes
        where $all_sites or site_id in (select unnest($sites))
    """,
    # How many questions the company's sites were asked is in a site's chance, and tells nothing else of them.
    "marts.agg_feedback_themes_monthly": """
        select
            month_start_date, theme, polarity, site_id, product_family, comment_count, read_count, comment_share,
            baseline_count, baseline_read_count, baseline_share, share_ratio, adjusted_p_value, is_tested, is_rising
        from marts.agg_feedback_themes_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.fct_feedback": """
        select feedback_kind, feedback_id, site_id, comment
        from marts.fct_feedback
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.fct_feedback_words": """
        select feedback_kind, feedback_id, theme, word, site_id, product_family, written_date
        from marts.fct_feedback_words
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Calls and their agents are the company's: a call belongs to no site.
    "marts.agg_calls_by_hour_of_week": """
        select
            iso_weekday, local_hour, queue, hour_count, mean_offered_count, mean_load_erlangs, mean_rostered_agents,
            understaffed_hour_count, is_peak
        from marts.agg_calls_by_hour_of_week
        where $all_sites
    """,
    "marts.agg_calls_hourly": """
        select
            hour_at, queue, local_hour, local_date, offered_count, answered_count, abandoned_count, service_level,
            average_speed_of_answer_seconds, rostered_agents, required_agents, agent_gap
        from marts.agg_calls_hourly
        where $all_sites
    """,
    "marts.agg_calls_by_queue": """
        select
            period_grain, period_start_date, queue, offered_count, answered_count, abandoned_count, service_level,
            service_level_low, service_level_high, abandonment_share, abandonment_low, abandonment_high,
            average_speed_of_answer_seconds, average_handle_seconds
        from marts.agg_calls_by_queue
        where $all_sites
    """,
    # Load and cost of a site are ratios to the company's mean: by design, as ranks are.
    "marts.agg_site_layout": """
        select
            period_grain, period_start_date, site_id, site_kind, ticket_count, visit_count, travel_mean_minutes,
            load_ratio, cost_per_ticket, cost_ratio
        from marts.agg_site_layout
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_sites_monthly": """
        select month_start_date, segment, site_id, corrective_visit_count, lost_visit_count, repeat_visit_count
        from marts.agg_sites_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_parts_sites_monthly": """
        select
            month_start_date, segment, site_id, part_id, part_name, line_count, judged_line_count, filled_line_count,
            fill_rate, fill_rate_low, fill_rate_high, delivery_mean_seconds, sufficiency_share, cover_days,
            last_on_hand_quantity, last_on_hand_amount
        from marts.agg_parts_sites_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    # The reach of the network and what parts cost are the company's.
    "marts.agg_network_coverage": """
        select
            month_start_date, segment, region, ticket_count, within_25km_share, within_50km_share, within_50km_low,
            within_50km_high, within_100km_share
        from marts.agg_network_coverage
        where $all_sites
    """,
    "marts.agg_demand_places": """
        select
            region, city, place_id, latitude, longitude, ticket_count, visit_count, covered_count, travel_km,
            nearest_site_km, is_told
        from marts.agg_demand_places
        where $all_sites
    """,
    "marts.agg_demand_distances": """
        select region, city, place_id, place_kind, mean_km
        from marts.agg_demand_distances
        where $all_sites
    """,
    "marts.agg_demand_reach": """
        select region, city, reached_from, ticket_count
        from marts.agg_demand_reach
        where $all_sites
    """,
    "marts.agg_travel_by_distance": """
        select band_number, met_share, is_associated, transport_amount, amount_per_km
        from marts.agg_travel_by_distance
        where $all_sites
    """,
    "marts.agg_part_frontier": """
        select
            site_id, point_number, point_kind, fill_rate, stock_amount, level_quantity, item_count,
            left_out_item_count, idle_amount
        from marts.agg_part_frontier
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_part_base_stock": """
        select
            site_id, part_id, part_name, demand_quantity, week_count, lead_time_days, on_hand_mean_quantity,
            target_level_quantity, target_level_low_quantity, target_level_high_quantity, advice, change_amount
        from marts.agg_part_base_stock
        where $all_sites or site_id in (select unnest($sites))
    """,
    # What the others would let expect tells of them.
    "marts.agg_visits_lost": """
        select
            period_grain, period_start_date, segment, site_id, part_id, part_name, visit_count, lost_visit_count,
            lost_share, lost_share_low, lost_share_high,
            case when $all_sites then expected_visit_count end as expected_visit_count, long_wait_visit_count,
            standing_out_by, is_standing_out, repeat_visit_count, wait_mean_seconds, repeat_amount
        from marts.agg_visits_lost
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_demand_out_of_reach": """
        select
            city, region, nearest_site_id, nearest_site_km, ticket_count, out_of_reach_count, gained_count,
            gained_city_count, gained_share
        from marts.agg_demand_out_of_reach
        where $all_sites
    """,
    "marts.agg_part_levers_monthly": """
        select
            month_start_date, part_id, part_name, part_kind, spend_amount, previous_spend_amount,
            previous_price_ratio, previous_quantity_effect_amount, previous_price_effect_amount,
            previous_recovery_effect_amount
        from marts.agg_part_levers_monthly
        where $all_sites
    """,
    "marts.agg_class_scores": """
        select
            period_grain, period_start_date, kpi_class, site_id, region, class_score, scored_weight, scored_kpi_count
        from marts.agg_class_scores
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Of all sites together.
    "marts.agg_requests_by_kind_monthly": """
        select month_start_date, kpi_id, kind_of, kind, value, eligible_count
        from marts.agg_requests_by_kind_monthly
        where $all_sites
    """,
    # At a site with one technician, the pay of a role is that of a person.
    "marts.agg_labor_levers_monthly": """
        select
            month_start_date, site_id, work_role, head_count, pay_amount, previous_head_count, previous_pay_amount,
            previous_heads_effect_amount, previous_pay_effect_amount, year_before_head_count, year_before_pay_amount,
            year_before_heads_effect_amount, year_before_pay_effect_amount, is_booked
        from marts.agg_labor_levers_monthly
        where $sees_people and ($all_sites or site_id in (select unnest($sites)))
    """,
    "marts.agg_stage_durations_monthly": """
        select
            month_start_date, site_id, product_family, channel, priority, stage, waits_for, visit_count,
            open_visit_count, mean_seconds, life_share
        from marts.agg_stage_durations_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_resolution_survival": """
        select
            metric, period_grain, period_start_date, site_id, region, product_family, channel, priority, time_seconds,
            ticket_count, at_risk_count, survival_share, survival_low, survival_high
        from marts.agg_resolution_survival
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Of all sites together.
    "marts.agg_requests_by_hour_of_week": """
        select iso_weekday, local_hour, channel, hour_count, mean_request_count, is_peak
        from marts.agg_requests_by_hour_of_week
        where $all_sites
    """,
    "marts.agg_sla_due_hourly": """
        select due_date, due_hour, metric, promise_count, site_id
        from marts.agg_sla_due_hourly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_survey_funnel": """
        select
            period_grain, period_start_date, survey_kind, site_id, product_family, survey_channel, invited_count,
            immature_count, answered_count, valid_count, top_box_count, response_share, satisfied_share,
            satisfied_if_others_unhappy, satisfied_if_others_happy
        from marts.agg_survey_funnel
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_satisfaction_scores": """
        select
            month_start_date, question_kind, survey_kind, aspect, scale_max, score_point, site_id, product_family,
            answer_count, answer_share
        from marts.agg_satisfaction_scores
        where $all_sites or site_id in (select unnest($sites))
    """,
    # The change of the whole company's cost, and its customers: neither is a site's.
    "marts.agg_cost_change_effects": """
        select
            period_grain, period_start_date, comparison, measure, segment, value_before, volume_effect, mix_effect,
            rate_effect, value_after, is_comparable, compared_start_date
        from marts.agg_cost_change_effects
        where $all_sites
    """,
    "marts.agg_customer_flows": """
        select
            period_grain, period_start_date, activity, start_count, new_count, returning_count, churned_count,
            end_count, new_amount, returning_amount, retained_amount, lost_amount, is_mature
        from marts.agg_customer_flows
        where $all_sites
    """,
    # What goes with satisfaction and staying compares the sites of the whole company, and its customers.
    "marts.agg_drivers": """
        select
            outcome, driver, driver_kind, unit, adjusted_for, verdict, exposed_count, unexposed_count, exposed_value,
            unexposed_value, crude_difference, crude_low, crude_high, adjusted_difference, adjusted_low, adjusted_high,
            immature_count
        from marts.agg_drivers
        where $all_sites
    """,
    "marts.agg_driver_responses": """
        select
            outcome, driver, band_number, over_seconds, to_seconds, unit, adjusted_for, verdict, item_count, value,
            value_low, value_high, adjusted_value, adjusted_difference, adjusted_low, adjusted_high, step_difference,
            step_low, step_high
        from marts.agg_driver_responses
        where $all_sites
    """,
    "marts.agg_churn_hazards": """
        select
            driver, adjusted_for, verdict, exposed_customer_count, unexposed_customer_count, exposed_leaver_count,
            unexposed_leaver_count, exposed_hazard, unexposed_hazard, crude_ratio, crude_low, crude_high, hazard_ratio,
            hazard_ratio_low, hazard_ratio_high
        from marts.agg_churn_hazards
        where $all_sites
    """,
    "marts.agg_complaint_causes": """
        select
            segment, cause, circumstance, verdict, ticket_count, present_count, present_share, present_low,
            present_high, base_share, expected_share, chance
        from marts.agg_complaint_causes
        where $all_sites
    """,
    "marts.agg_value_at_risk": """
        select
            driver, is_shown, customer_count, yearly_amount, expected_leaver_count, value_at_risk, value_at_risk_low,
            value_at_risk_high
        from marts.agg_value_at_risk
        where $all_sites
    """,
    "marts.agg_cost_reconciliation_monthly": """
        select
            month_start_date, site_id, component, ledger_amount, allocated_amount, call_without_ticket_amount,
            unallocated_amount, difference_amount, delivered_ledger_amount, delivered_difference_amount, unpriced_count,
            is_reconciled, is_reconciled_with_books
        from marts.agg_cost_reconciliation_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_contact_days": """
        select kind, site_id, day_kind, contact_count, is_ahead, contact_date
        from marts.agg_contact_days
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_contact_forecasts": """
        select kind, site_id, expected_count, low_count, high_count, forecast_date
        from marts.agg_contact_forecasts
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_forecast_backtests": """
        select
            kind, site_id, method, verdict, cut_off_count, day_count, better_count, needed_count,
            root_mean_squared_error, weighted_error_ratio, scaled_error, bias_ratio, coverage_share, is_chosen
        from marts.agg_forecast_backtests
        where $all_sites or site_id in (select unnest($sites))
    """,
    # The telephone is the company's; of the past the months are shown.
    "marts.agg_agent_gaps_hourly": """
        select
            hour_at, local_hour, expected_count, required_agents, rostered_agents, agent_gap, cost_amount, is_lacking,
            is_ahead, local_date
        from marts.agg_agent_gaps_hourly
        where is_ahead and $all_sites
    """,
    # What an hour costs is the pay of a role of the whole company.
    "marts.agg_staffing_gaps": """
        select
            work_role, site_id, period_start_date, verdict, required_hours, rostered_hours, lacking_hours,
            lacking_hour_count, lacking_share, case when $all_sites then cost_amount end as cost_amount, is_ahead,
            is_complete, period_end_date
        from marts.agg_staffing_gaps
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Of promises those that still run are shown, one by one, with their tickets: of a million tickets, a few hundred.
    "marts.fct_tickets": """
        select ticket_id, issue_family, status
        from marts.fct_tickets
        where
            ticket_id in (select ticket_id from marts.fct_sla_outcomes where is_running)
            and ($all_sites or site_id in (select unnest($sites)))
    """,
    "marts.fct_sla_outcomes": """
        select
            ticket_id, metric, priority, channel, product_family, outcome, subject_id, margin_seconds, is_running,
            due_at, site_id, case when $sees_people then technician_id end as technician_id
        from marts.fct_sla_outcomes
        where is_running and ($all_sites or site_id in (select unnest($sites)))
    """,
    # Only what somebody wrote is shown answer by answer.
    "marts.fct_survey_answers": """
        select
            answer_id, comment, question_kind, aspect, nps_group, raw_score, scale_max, product_family, is_top_box,
            answered_date, answered_at, site_id, channel, priority
        from marts.fct_survey_answers
        where comment is not null and ($all_sites or site_id in (select unnest($sites)))
    """,
    "marts.dim_technicians": """
        select technician_id, technician_name
        from marts.dim_technicians
        where $sees_people and ($all_sites or site_id in (select unnest($sites)))
    """,
    # What the person's cases let expect and the rank interval compare with all people of the role in the company: by
    # design, since a comparison within one site says little. They name nobody else.
    "marts.agg_technician_scorecards": """
        select
            technician_id, technician_name, work_role, site_id, kpi_id, band, comparison, value, eligible_count,
            minimum_sample, interval_low, interval_high, target, score, weight, expected_value, adjusted_value,
            adjusted_low, adjusted_high, rank_low, rank_high, ranked_count, total_score, total_rank_low,
            total_rank_high, total_ranked_count, is_enough_data, period_grain, period_start_date
        from marts.agg_technician_scorecards
        where $sees_people and ($all_sites or site_id in (select unnest($sites)))
    """,
}
