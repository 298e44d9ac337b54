package io.caravan.source;

/**
 * One thing a source can open: its name within the source, a tag that changes whenever its content does, and its size
 * in bytes (-1 when the store does not say). Without a tag (an empty one) it is read in every run.
 */
public record SourceObject(String name, String etag, long size) {}
