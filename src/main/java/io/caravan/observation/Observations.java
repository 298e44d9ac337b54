package io.caravan.observation;

import io.caravan.record.Fields;
import java.util.List;

/** The shape of a record that is an observation. */
public final class Observations {

    public static final String TIME = "obs_time";
    public static final String SERIES = "internal_series_code";
    public static final String VALUE = "value";
    public static final String UNIT = "unit";
    public static final String FREQUENCY = "frequency";
    /** When the run began that found it; added after the ledger, so it is never news. */
    public static final String COLLECTED = "collection_date";

    /** What every parser gives: {@code obs_time} is ISO 8601 text with its offset, {@code value} a Long or a decimal. */
    public static final Fields FIELDS = Fields.of(TIME, SERIES, VALUE, UNIT, FREQUENCY);

    public static final List<String> KEY_FIELDS = List.of(SERIES, TIME);

    private Observations() {}
}
