{#
    The position of the instant with which `alias` was joined (join_open_hours): open microseconds of the calendar up to
    it. Empty, never 0, where the calendar or the instant is unknown, or the instant lies outside int_calendar_hours.
#}
{% macro open_us_at(alias, instant) -%}
    case
        when {{ instant }} < {{ alias }}.closes_at
            then {{ alias }}.open_us_before + {{ us_between(alias ~ '.opens_at', instant) }}
        else {{ alias }}.open_us_before + {{ us_between(alias ~ '.opens_at', alias ~ '.closes_at') }}
    end
{%- endmacro %}
