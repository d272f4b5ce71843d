select
    cast(feed as varchar) as feed,
    cast(is_connected as boolean) as is_connected,
    cast(sources as varchar) as sources,
    cast(row_count as bigint) as row_count,
    cast(delivered_count as bigint) as delivered_count,
    cast(superseded_count as bigint) as superseded_count,
    cast(filtered_count as bigint) as filtered_count,
    cast(rejected_count as bigint) as rejected_count,
    cast(last_landed_at as timestamp) as last_landed_at
from {{ source('build', 'feeds') }}
