package io.caravan.record;

/**
 * A record as the store had it that it was read from, for a sink of the same kind of store: a value of a record has fewer types
 * than a value there.
 *
 * @param kind what the bytes are, {@code bson} for a document of MongoDB
 * @param bytes never changed
 */
public record StoredForm(String kind, byte[] bytes) {}
