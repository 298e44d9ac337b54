package io.caravan.run;

import io.caravan.source.Quarantine;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A source in place of another that holds no object any more: what the sinks hold of it is gone, and what is kept of its rows. */
record NothingLeft(List<String> keyFields, Optional<Quarantine> quarantine) implements Source {

    @Override
    public Iterator<SourceObject> objects() {
        return Collections.emptyIterator();
    }

    @Override
    public boolean standsAlone() {
        return true; // as the one that it is in place of
    }

    @Override
    public RecordReader open(SourceObject object) {
        throw new IllegalStateException("there is no object");
    }
}
