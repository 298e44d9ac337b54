package io.caravan.change;

/** How many live records no object holds any more, of how many. */
public record Gone(long records, long of) {

    /** Whether that is more than a share of all, in percent. */
    public boolean exceeds(int percent) {
        return records * 100 > of * (long) percent;
    }
}
