{#
    How many pieces of a part are on order at an instant, where each piece that is taken is ordered again at once (base stock,
    one for one): with Poisson demand again Poisson, of the mean `pipeline` = demand a day × mean lead time, whatever the
    lead time's distribution (C. Palm 1938; C. C. Sherbrooke 1968, "METRIC", Operations Research 16); with demand whose
    variance is `dispersion` times its mean negative binomial of the same ratio (S. C. Graves 1985, "A multi-echelon
    inventory model for a repairable item with one-for-one replenishment", Management Science 31). Both obey one recursion
    (H. H. Panjer 1981, ASTIN Bulletin 12): p(j) / p(j − 1) = (pipeline + (j − 1)(dispersion − 1)) / (dispersion · j).
#}

{# The logarithm of the chance that nothing is on order. #}
{% macro log_empty_pipeline(pipeline, dispersion) -%}
    case
        when {{ dispersion }} > 1 then -{{ pipeline }} / ({{ dispersion }} - 1) * ln({{ dispersion }})
        else -{{ pipeline }}
    end
{%- endmacro %}

{# The logarithm of p(j) / p(j − 1), for j from 1 on. #}
{% macro log_pipeline_step(pipeline, dispersion, number) -%}
    ln(({{ pipeline }} + ({{ number }} - 1) * ({{ dispersion }} - 1)) / ({{ dispersion }} * {{ number }}))
{%- endmacro %}

{# More than are ever on order, but for once in ten thousand: six deviations, and the longer tail of the overdispersed. #}
{% macro most_on_order(pipeline, dispersion) -%}
    ceil({{ pipeline }} + 6 * sqrt({{ dispersion }} * {{ pipeline }}) + 10 * {{ dispersion }})
{%- endmacro %}
