package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.format.Format;
import io.caravan.format.Workbooks;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sheets that Excel does not show, of the first workbooks of a source: who looks at one does not see what is read, or left out. */
final class HiddenSheets {

    private static final Logger LOG = LoggerFactory.getLogger(HiddenSheets.class);
    private static final int WORKBOOKS = 10;
    private static final int OBJECTS = 1000; // of any kind, among which workbooks are looked for
    private static final long LARGEST = 16 << 20;
    private static final int MAX_EXPANSION = 200;

    private final ObjectStore store;
    private final Format format;

    HiddenSheets(ObjectStore store, Format format) {
        this.store = store;
        this.format = format;
    }

    /** How many there are, {@code hiddenSheets}; nothing where there are none. The log names them. */
    Map<String, Long> among(Iterator<SourceObject> objects) {
        long hidden = 0;
        int books = 0;
        for (int i = 0; i < OBJECTS && books < WORKBOOKS && objects.hasNext(); i++) {
            SourceObject object = objects.next();
            if (!format.mayHaveSheets(object.name()) || object.size() > LARGEST) continue;
            books++;
            hidden += of(object).size();
        }
        return hidden == 0 ? Map.of() : Map.of("hiddenSheets", hidden);
    }

    private List<String> of(SourceObject object) {
        try {
            List<String> names = Workbooks.hidden(store.open(object), object.name(), MAX_EXPANSION);
            if (!names.isEmpty()) LOG.warn("{}: hidden are the sheets {}", object.name(), names);
            return names;
        } catch (CaravanException e) {
            LOG.debug("{}: is not looked at", object.name(), e); // the run says what is wrong with it
            return List.of();
        }
    }
}
