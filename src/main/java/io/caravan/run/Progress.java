package io.caravan.run;

import java.util.Map;

/** A run as it goes on; may be asked from any thread at any time. */
public interface Progress {

    long recordsRead();

    /** By sink: records written so far. */
    Map<String, Long> written();
}
