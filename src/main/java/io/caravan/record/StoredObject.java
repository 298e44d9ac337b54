package io.caravan.record;

/**
 * An object that a run read to its end and that is news as a whole, as a store that can read it by itself is told of it.
 *
 * @param name as the origins of its records have it
 * @param uri where it is, {@code gs://<bucket>/<name>}, literally
 * @param rows how many it has; each was handed on
 */
public record StoredObject(String name, String uri, ObjectForm form, long rows) {}
