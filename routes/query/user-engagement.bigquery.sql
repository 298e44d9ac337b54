-- How many events a user has, and when the first and the last of them was; no row for a user nobody knows.
SELECT COUNT(*) AS total_events,
       MIN(event.timestamp) AS first_event_time,
       MAX(event.timestamp) AS last_event_time
FROM {dataset}.user_data AS event
WHERE event.user_id = @user_id
HAVING COUNT(*) > 0
