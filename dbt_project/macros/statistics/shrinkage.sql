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
    Standard deviation of what is not known about a person after shrinkage: of the Beta posterior of a share,
    √(μ(1 − μ)/(M + n + 1)) with M = (1 − ρ)/ρ; of the normal posterior of a mean, √(φσ²/(1 + nφ)). 0 where people do not
    differ beyond chance.
#}
{% macro shrinkage_deviation(kind, between, items, shrunk, item_variance) -%}
    sqrt(greatest(0.0, case
        when {{ kind }} = 'ratio'
            then {{ shrunk }} * (1 - {{ shrunk }}) * {{ between }} / (1 - {{ between }} + {{ between }} * ({{ items }} + 1))
        else {{ between }} * {{ item_variance }} / (1 + {{ items }} * {{ between }})
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
    One end of the 95 % interval after shrinkage: Wilson's at μ for a Beta posterior of M + n items (Jeffreys: half a
    success less, one item less), normal for a mean and for whoever the prior does not describe. `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro shrinkage_bound(kind, between, items, shrunk, deviation, is_limited, sign) -%}
    case
        when {{ deviation }} = 0 then {{ shrunk }}
        when {{ kind }} = 'ratio' and {{ is_limited }} then
            least(1.0, greatest(0.0, {{ shrunk }} {{ sign }} {{ z_95() }} * {{ deviation }}))
        when {{ kind }} = 'ratio' then
            {{ bound_including(
                wilson_end(
                    'greatest(0.0, ' ~ shrunk ~ ' * ((1 - ' ~ between ~ ') / ' ~ between ~ ' + ' ~ items ~ ') - 0.5)',
                    'greatest(1.0, (1 - ' ~ between ~ ') / ' ~ between ~ ' + ' ~ items ~ ' - 1)',
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
