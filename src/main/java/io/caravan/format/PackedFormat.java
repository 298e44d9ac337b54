package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Reads objects of a format, unpacked first when their name ends as {@link Compression} says. */
public final class PackedFormat implements Format {

    /** Of what we packed ourselves. */
    static final int OWN = 1_000_000;

    private final Format format;
    private final int maxExpansion;

    /** @param maxExpansion how many bytes one packed byte may become, beyond the first 64 MiB */
    public PackedFormat(Format format, int maxExpansion) {
        new SettingChecks("objects")
                .between("maxExpansion", maxExpansion, 2, 1_000_000)
                .check();
        this.format = format;
        this.maxExpansion = maxExpansion;
    }

    @Override
    public boolean mayHaveSheets(String object) {
        return Compression.of(object) == Compression.NONE && format.mayHaveSheets(object);
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        Compression compression = Compression.of(object);
        StoreStream stored = new StoreStream(bytes, object);
        if (compression == Compression.NONE) return format.open(bytes, object, keyFields);
        InputStream expanded = new ExpandedStream(stored, compression, object, maxExpansion);
        return format.open(new AheadStream(expanded), object, keyFields);
    }

    /** Others unpack gzip too, by the same end of the name in lower case; of Parquet it would be a second packing. */
    @Override
    public Optional<ObjectForm> form(String object) {
        return switch (Compression.of(object)) {
            case NONE -> format.form(object);
            case GZIP ->
                format.form(object).filter(form -> form.kind() != ObjectForm.Kind.PARQUET && object.endsWith(".gz"));
            default -> Optional.empty();
        };
    }
}
