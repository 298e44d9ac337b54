package io.caravan.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What a message says.
 *
 * @param run the newest run whose changes it tells of
 * @param records how many records were added or changed
 * @param deleted how many were deleted
 * @param deduplicationId the same whenever the same changes are told of again
 * @param at when it was made; not part of the id
 */
public record Notice(String pipeline, long run, long records, long deleted, String deduplicationId, Instant at) {

    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("pipeline", pipeline);
        json.put("run", run);
        json.put("records", records);
        json.put("deleted", deleted);
        json.put("deduplicationId", deduplicationId);
        json.put("at", at.toString());
        return json.toString();
    }
}
