{# Months before a month with which it is compared, and how many of them must have comments. #}
{% macro rising_months() -%}
    6
{%- endmacro %}

{% macro rising_least_months() -%}
    3
{%- endmacro %}

{# Fewer comments on a theme than these, in the month and the months before, tell no rate. #}
{% macro rising_least_comments() -%}
    10
{%- endmacro %}

{# How often a month in which nothing rises may name any theme at all. #}
{% macro rising_level() -%}
    0.01
{%- endmacro %}

{#
    The z of the chance that at least `successes` (1 or more) of `trials` fall where each falls with probability `share`: the
    upper tail of a binomial is `normal_upper_tail` of it. With it two Poisson rates are compared: of the comments on a theme
    in a month and before it, each falls into the month with the month's share of all comments, if the theme is as frequent
    as before (J. Przyborowski, H. Wilenski 1940, "Homogeneity of results in testing samples from Poisson series",
    Biometrika 31).

    The refined normal approximation of D. B. Peizer and J. W. Pratt (1968, "A normal approximation for binomial, F, beta, and
    other common, related tail probabilities", Journal of the American Statistical Association 63): closed, and exact to
    about three digits from few trials on.
#}
{% macro binomial_tail_z(successes, trials, share) -%}
    {%- set s = '(' ~ successes ~ ' - 0.5e0)' -%}
    {%- set t = '(' ~ trials ~ ' - ' ~ successes ~ ' + 0.5e0)' -%}
    {%- set p = share -%}
    {%- set q = '(1e0 - ' ~ share ~ ')' -%}
    (
        {{ s }} + 1e0 / 6 - ({{ trials }} + 1e0 / 3) * {{ p }}
        + 0.02e0 * (
            {{ q }} / ({{ s }} + 0.5e0) - {{ p }} / ({{ t }} + 0.5e0) + ({{ q }} - 0.5e0) / ({{ trials }} + 1e0)
        )
    ) * sqrt(
        (
            1e0
            + {{ q }} * {{ peizer_pratt_g('(' ~ s ~ ' / (' ~ trials ~ ' * ' ~ p ~ '))') }}
            + {{ p }} * {{ peizer_pratt_g('(' ~ t ~ ' / (' ~ trials ~ ' * ' ~ q ~ '))') }}
        ) / (({{ trials }} + 1e0 / 6) * {{ p }} * {{ q }})
    )
{%- endmacro %}

{# Peizer and Pratt's g; at 1, where the quotient would be 0 / 0, its tangent. #}
{% macro peizer_pratt_g(x) -%}
    case
        when abs(1e0 - {{ x }}) < 1e-4 then (1e0 - {{ x }}) / 3e0
        else (1e0 - {{ x }} * {{ x }} + 2e0 * {{ x }} * ln({{ x }})) / ((1e0 - {{ x }}) * (1e0 - {{ x }}))
    end
{%- endmacro %}

{#
    The chance that a standard normal exceeds z, a column, to 7.5e-8: M. Abramowitz, I. A. Stegun, "Handbook of
    Mathematical Functions", 26.2.17.
#}
{% macro normal_upper_tail(z) -%}
    {%- set k = '(1e0 / (1e0 + 0.2316419e0 * abs(' ~ z ~ ')))' -%}
    {%- set tail = '0.3989422804014327e0 * exp(-0.5e0 * ' ~ z ~ ' * ' ~ z ~ ') * ' ~ k ~ ' * (0.319381530e0 + ' ~ k
        ~ ' * (-0.356563782e0 + ' ~ k ~ ' * (1.781477937e0 + ' ~ k ~ ' * (-1.821255978e0 + ' ~ k ~ ' * 1.330274429e0))))'
    -%}
    case when {{ z }} >= 0 then {{ tail }} else 1e0 - {{ tail }} end
{%- endmacro %}
