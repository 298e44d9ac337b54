package io.caravan.source;

/**
 * One thing a source can open: its name within the source, a tag that changes whenever its content does, and its size
 * in bytes (-1 when the store does not say).
 */
public record SourceObject(String name, String etag, long size) {}
