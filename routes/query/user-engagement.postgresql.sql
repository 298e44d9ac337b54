-- How many events a user has, and when the first and the last of them was; no row for a user nobody knows.
select count(*) as total_events,
       min(event.timestamp) as first_event_time,
       max(event.timestamp) as last_event_time
from public.user_data as event
where event.user_id = :user_id
having count(*) > 0
