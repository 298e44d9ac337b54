package io.caravan.change;

import java.util.List;
import java.util.Map;

/**
 * The live records that no object holds any more.
 *
 * @param records how many are to be deleted
 * @param of how many live records there are
 * @param missing how many others too few readings have lacked yet
 * @param named the first of these, by key
 * @param waiting by object: how many deletes wait, because rows of the object cannot be read or have no key
 * @param scopeChanged what the source's settings say is in scope is not what it was when deletes were last settled
 */
public record Gone(
        long records, long of, long missing, List<String> named, Map<String, Long> waiting, boolean scopeChanged) {

    /** Nothing is known to be gone. */
    static final Gone NONE = new Gone(0, 0, 0, List.of(), Map.of(), false);

    /** Whether that is more than a share of all, in percent. */
    public boolean exceeds(int percent) {
        return records * 100 > of * (long) percent;
    }
}
