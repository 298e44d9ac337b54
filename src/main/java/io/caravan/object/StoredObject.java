package io.caravan.object;

/**
 * A small object as it was read whole.
 *
 * @param etag by which {@link ObjectStore#replace} knows it
 */
public record StoredObject(byte[] bytes, String etag) {}
