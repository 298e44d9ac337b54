package io.caravan.object;

import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/**
 * What programs leave beside the files they work on, and nobody means as data: the lock files of Excel ({@code ~$book.xlsx}) and
 * LibreOffice ({@code .~lock.book.ods#}), what Windows and macOS remember of a folder, and what Spark, Hadoop and Delta Lake say of their
 * files beside them ({@code _SUCCESS}).
 */
public final class NoData {

    private static final Pattern NAMES = Pattern.compile(
            "~\\$.*|\\.~lock\\..*#|\\.DS_Store|\\._.*|(?i:thumbs\\.db|desktop\\.ini)"
                    + "|_SUCCESS|_(?:common_)?metadata|_(?:started|committed)_[0-9]+|\\..*\\.crc",
            Pattern.DOTALL);

    /** Of writers that are not done, and of their logs. */
    private static final Pattern FOLDERS = Pattern.compile("(?:^|/)_(?:temporary|delta_log)/");

    private NoData() {}

    static boolean is(String object) {
        return NAMES.matcher(object.substring(object.lastIndexOf('/') + 1)).matches()
                || FOLDERS.matcher(object).find();
    }

    /** The objects without these, as lazily as they are listed. */
    public static Iterator<SourceObject> without(Iterator<SourceObject> objects) {
        return new Iterator<>() {
            private SourceObject next;

            @Override
            public boolean hasNext() {
                while (next == null && objects.hasNext()) {
                    SourceObject object = objects.next();
                    if (!is(object.name())) next = object;
                }
                return next != null;
            }

            @Override
            public SourceObject next() {
                if (!hasNext()) throw new NoSuchElementException("no more objects");
                SourceObject object = next;
                next = null;
                return object;
            }
        };
    }
}
