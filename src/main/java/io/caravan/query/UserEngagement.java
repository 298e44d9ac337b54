package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many events a user has; the times are ISO-8601 in UTC. */
public record UserEngagement(
        @JsonProperty("user_id") String userId,
        @JsonProperty("total_events") long totalEvents,
        @JsonProperty("first_event_time") String firstEventTime,
        @JsonProperty("last_event_time") String lastEventTime) {}
