{#
    The policy of a queue on a day: joins its own row and the one for every queue, at most one of each
    (assert_call_policies_never_overlap). Read the values with `call_policy`.
#}
{% macro join_call_policies(queue, on_date) -%}
    left join {{ ref('dim_call_policies') }} as own_policies
        on
            {{ queue }} = own_policies.queue
            and own_policies.valid_from_date <= {{ on_date }}
            and coalesce(own_policies.valid_to_date, date '9999-12-31') >= {{ on_date }}
    left join {{ ref('dim_call_policies') }} as general_policies
        on
            general_policies.queue is null
            and general_policies.valid_from_date <= {{ on_date }}
            and coalesce(general_policies.valid_to_date, date '9999-12-31') >= {{ on_date }}
{%- endmacro %}

{# A column of the policy in force: that of the queue's own row, else of the row for every queue. #}
{% macro call_policy(column) -%}
    coalesce(own_policies.{{ column }}, general_policies.{{ column }})
{%- endmacro %}
