-- What came back within a window came back within every longer one; and a ticket judged for a
-- window is judged for every shorter one.
select
    ticket_id,
    is_fcr_1d,
    is_fcr_3d,
    is_fcr_7d,
    is_fcr_14d,
    is_fcr_30d
from {{ ref('fct_ticket_resolutions') }}
where
    is_fcr_3d > is_fcr_1d
    or is_fcr_7d > is_fcr_3d
    or is_fcr_14d > is_fcr_7d
    or is_fcr_30d > is_fcr_14d
    or (is_fcr_1d is null and is_fcr_3d is not null)
    or (is_fcr_3d is null and is_fcr_7d is not null)
    or (is_fcr_7d is null and is_fcr_14d is not null)
    or (is_fcr_14d is null and is_fcr_30d is not null)
