{#
    The first instant at which the position is used up, where `alias` was joined with it (join_due_hours). Empty where
    the calendar is unknown or the position lies beyond int_calendar_hours.

    A target above zero is always due after its start. A target of zero is due at the start itself, outside opening
    hours too: its position was already reached when the calendar last closed, before the start. Whoever may have
    targets of zero says the start as `start_at`, and no due time lies before it.
#}
{% macro due_at(alias, position, start_at=none) -%}
    {{ return(adapter.dispatch('due_at')(alias, position, start_at)) }}
{%- endmacro %}

{% macro default__due_at(alias, position, start_at) -%}
    {%- set used_up_at -%}
        {{ alias }}.opens_at + to_microseconds({{ position }} - {{ alias }}.open_us_before)
    {%- endset -%}
    case
        {% if start_at is not none -%}
        when {{ position }} = 0 or {{ used_up_at }} < {{ start_at }} then {{ start_at }}
        {% endif -%}
        when {{ alias }}.closes_at is not null then {{ used_up_at }}
    end
{%- endmacro %}

{% macro spark__due_at(alias, position, start_at) -%}
    {%- set used_up_at -%}
        timestamp_micros(unix_micros({{ alias }}.opens_at) + {{ position }} - {{ alias }}.open_us_before)
    {%- endset -%}
    case
        {% if start_at is not none -%}
        when {{ position }} = 0 or {{ used_up_at }} < {{ start_at }} then {{ start_at }}
        {% endif -%}
        when {{ alias }}.closes_at is not null then {{ used_up_at }}
    end
{%- endmacro %}
