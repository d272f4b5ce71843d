{#
    The first instant at which the position is used up, where `alias` was joined with it (join_due_hours). Empty where
    the calendar is unknown or the position lies beyond int_calendar_hours.

    A target above zero is always due after its start. A target of zero is due at the start itself, outside opening
    hours too: its position was already reached when the calendar last closed, before the start. Whoever may have
    targets of zero says the start as `start_at`, and no due time lies before it.
#}
{% macro due_at(alias, position, start_at=none) -%}
    {%- set used_up_at = add_us(alias ~ '.opens_at', position ~ ' - ' ~ alias ~ '.open_us_before') -%}
    case
        {% if start_at is not none -%}
        when {{ position }} = 0 or {{ used_up_at }} < {{ start_at }} then {{ start_at }}
        {% endif -%}
        when {{ alias }}.closes_at is not null then {{ used_up_at }}
    end
{%- endmacro %}

{#- So many microseconds after an instant; `microseconds` is an expression of whole numbers. -#}
{% macro add_us(instant, microseconds) -%}
    {{ return(adapter.dispatch('add_us')(instant, microseconds)) }}
{%- endmacro %}

{% macro default__add_us(instant, microseconds) -%}
    {{ instant }} + to_microseconds({{ microseconds }})
{%- endmacro %}

{% macro spark__add_us(instant, microseconds) -%}
    timestamp_micros(unix_micros({{ instant }}) + {{ microseconds }})
{%- endmacro %}
