{# Days that are forecast; orchestration/analysis/forecasts.py forecasts as many. #}
{% macro forecast_days() -%}
    28
{%- endmacro %}

{# Days back that a forecast looks at most: three years. #}
{% macro forecast_history_days() -%}
    1096
{%- endmacro %}

{# A year of whole weeks: every weekday as often as every other. #}
{% macro days_of_weekly_year() -%}
    364
{%- endmacro %}

{# Days from which the usual roster is read: every weekday eight times. #}
{% macro usual_roster_days() -%}
    56
{%- endmacro %}

{# From this share of the hours required on, hours that are lacking are more than a break or a day's accident. #}
{% macro understaffed_share() -%}
    0.05
{%- endmacro %}

{#
    In how many of so many cut-offs a method must do better than the baseline that chance alone would do so in no more
    than 2.5 % of cases: one-sided sign test (W. J. Conover, "Practical nonparametric statistics", 3rd ed. 1999, 3.4), at
    half of 5 % since two methods are held against the baseline. Empty where no number would do.
#}
{% macro sign_test_wins(cut_offs) -%}
    case {{ cut_offs }}
        {%- for count in range(1, 13) %}
        {%- set ns = namespace(combinations=1, ways=0, wins=none) %}
        {#- From all wins down: C(n, k) ways for k of n, added up while they stay within 2.5 % of 2ⁿ. #}
        {%- for wins in range(count, -1, -1) %}
        {%- set ns.ways = ns.ways + ns.combinations %}
        {%- if ns.ways / 2 ** count <= 0.025 %}{% set ns.wins = wins %}{% endif %}
        {%- set ns.combinations = ns.combinations * wins // (count - wins + 1) %}
        {%- endfor %}
        {%- if ns.wins is not none %}
        when {{ count }} then {{ ns.wins }}
        {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}

{# A day on which offices are closed; hours of the day are told apart by it. #}
{% macro is_off_day(weekday, day_kind) -%}
    ({{ day_kind }} = 'holiday' or ({{ weekday }} >= 6 and {{ day_kind }} <> 'make_up_day'))
{%- endmacro %}

{#
    Prediction interval of a count of that mean and variance, by the normal law of its root (F. J. Anscombe, "The
    transformation of Poisson, binomial and negative-binomial data", Biometrika 35, 1948), rounded outwards.
    `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro count_bound(mean, variance, sign) -%}
    {%- if sign == '-' -%}
    case
        when {{ mean }} > 0 then
            greatest(0.0, floor(
                power(greatest(
                    0.0, sqrt({{ mean }} + 0.375) - {{ z_95() }} / 2 * sqrt({{ variance }} / {{ mean }})
                ), 2) - 0.375
            ))
        else 0.0
    end
    {%- else -%}
    case
        when {{ mean }} > 0 then
            ceil(
                power(sqrt({{ mean }} + 0.375) + {{ z_95() }} / 2 * sqrt({{ variance }} / {{ mean }}), 2) - 0.375
            )
        else 0.0
    end
    {%- endif -%}
{%- endmacro %}
