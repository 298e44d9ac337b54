package io.caravan.source;

import java.time.Instant;
import java.util.Objects;

/**
 * One thing a source can open: its name within the source, a tag that changes whenever its content does, and its size
 * in bytes (-1 when the store does not say), and when it was changed (1970 when the store does not say). Without a tag (an empty one) it is read in every run.
 */
public record SourceObject(String name, String etag, long size, Instant changed) {

    /** Of one whose store does not say when it was changed. */
    public SourceObject(String name, String etag, long size) {
        this(name, etag, size, Instant.EPOCH);
    }

    /** When it was changed says nothing that its etag does not. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SourceObject o && name.equals(o.name) && etag.equals(o.etag) && size == o.size;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, etag, size);
    }
}
