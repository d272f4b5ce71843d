{#
    Empirical-Bayes shrinkage of people's values towards what is expected of them, by the method of moments.

    Of P people with n items each, N in all, `pearson` is Q = Σ n·(r − e)² / v: r the value of a person, e what is expected,
    v the variance of one item: e·(1 − e) of a share, the pooled variance within people of a mean. If people differed by
    chance alone, Q would be about P − 1.
#}

{#
    Shares: the correlation ρ of two items of one person, 0 to 1 (Kleinman 1973, JASA 68:46, eq. for w = n/N):
    ρ = (Q − (P − 1)) / (N − Σn²/N − (P − 1)), not below 0. The Beta prior around e is worth (1 − ρ)/ρ items.
#}
{% macro moment_correlation(pearson, people, items, squared_items) -%}
    case
        when {{ items }} - {{ squared_items }} / {{ items }} > {{ people }} - 1 then
            least(0.999999, greatest(0.0,
                ({{ pearson }} - ({{ people }} - 1))
                / ({{ items }} - {{ squared_items }} / {{ items }} - ({{ people }} - 1))
            ))
        else 0.0
    end
{%- endmacro %}

{#
    Means: the variance between people per variance of one item (DerSimonian and Laird 1986, Controlled Clinical Trials
    7:177, with weights n/v): φ = (Q − (P − 1)) / (N − Σn²/N), not below 0. The normal prior around e is worth 1/φ items.
#}
{% macro moment_variance_ratio(pearson, people, items, squared_items) -%}
    case
        when {{ people }} > 1 then
            greatest(0.0, ({{ pearson }} - ({{ people }} - 1)) / ({{ items }} - {{ squared_items }} / {{ items }}))
        else 0.0
    end
{%- endmacro %}

{# How much of a person's own difference is believed, 0 to 1: n / (n + items that the prior is worth). #}
{% macro shrinkage_weight(kind, between, items) -%}
    case
        when {{ kind }} = 'ratio' then {{ items }} * {{ between }} / ({{ items }} * {{ between }} + 1 - {{ between }})
        else {{ items }} * {{ between }} / ({{ items }} * {{ between }} + 1)
    end
{%- endmacro %}

{#
    The same for the few people that there are (Morris 1983, JASA 78:47): of P people and one estimated
    mean, at most (P − 3)/(P − 1) of the way to the expectation. Three people teach nothing about how people differ.
#}
{% macro shrinkage_weight_of_few(weight, people) -%}
    case when {{ people }} > 3 then 1 - ({{ people }} - 3) / ({{ people }} - 1) * (1 - {{ weight }}) else 1.0 end
{%- endmacro %}

{#
    Standard deviation of what is not known about a person after shrinkage (Morris 1983), with
    V = σ²/n the variance of the person's value, B = 1 − weight and n̄ the mean items of a person:
    s² = V · (1 − B·(P − 1)/P) + 2/(P − 3) · B² · (V̄ + A)/(V + A) · (r − e)².
    The second part is that nobody knows how much people differ: without it, where few people happen to differ by no more
    than chance, the interval would shrink to a point (with 29 people it then held 67 % of true shares instead of 95 %).
#}
{% macro shrinkage_deviation(weight, people, between, items, mean_items, item_variance, difference) -%}
    sqrt(greatest(0.0, case
        when {{ people }} > 3 then
            {{ item_variance }} / {{ items }} * (1 - (1 - {{ weight }}) * ({{ people }} - 1) / {{ people }})
            + 2.0 / ({{ people }} - 3) * (1 - {{ weight }}) * (1 - {{ weight }})
            * (1 / {{ mean_items }} + {{ between }}) / (1 / {{ items }} + {{ between }})
            * {{ difference }} * {{ difference }}
        else {{ item_variance }} / {{ items }}
    end))
{%- endmacro %}

{#
    The same, where a value lies more than two standard errors from where the prior would pull it: whoever is that far out
    is not of the population that the prior describes, and is pulled two standard errors at most (limited translation,
    Efron and Morris 1972, JASA 67:130). Of people who differ by chance alone one in twenty is touched by it; their
    intervals widen to those of the observed value, so that no more than one in ten thousand is told apart.
#}
{% macro limited_translation_weight(weight, value, expected, error) -%}
    case
        when abs({{ value }} - {{ expected }}) * (1 - {{ weight }}) > 2 * {{ error }}
            then 1 - 2 * {{ error }} / abs({{ value }} - {{ expected }})
        else {{ weight }}
    end
{%- endmacro %}

{#
    One end of the 95 % interval after shrinkage. A share: Wilson's at μ for as many items as leave this deviation,
    μ(1 − μ)/s² − 1, so that it stays a share; a mean, and whoever the prior does not describe: normal.
    `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro shrinkage_bound(kind, shrunk, deviation, is_limited, sign) -%}
    case
        when {{ deviation }} = 0 then {{ shrunk }}
        when {{ kind }} = 'ratio' and {{ is_limited }} then
            least(1.0, greatest(0.0, {{ shrunk }} {{ sign }} {{ z_95() }} * {{ deviation }}))
        when {{ kind }} = 'ratio' then
            {%- set known_items = (
                'greatest(1.0, ' ~ shrunk ~ ' * (1 - ' ~ shrunk ~ ') / (' ~ deviation ~ ' * ' ~ deviation ~ ') - 1)'
            ) %}
            {{ bound_including(
                wilson_end(
                    shrunk ~ ' * ' ~ known_items,
                    known_items,
                    sign
                ),
                shrunk,
                sign
            ) }}
        else {{ shrunk }} {{ sign }} {{ z_95() }} * {{ deviation }}
    end
{%- endmacro %}

{#
    Half width of the bars that two people's values must not share to be told apart at 95 %: 1.39 deviations each
    (Goldstein and Healy 1995, JRSS A 158:175). Bars of 1.96 would demand far more.
#}
{% macro z_pairwise_95() -%}
    1.3859038243496777
{%- endmacro %}
