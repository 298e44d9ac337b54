package io.caravan.message;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import java.util.List;
import java.util.function.Consumer;

/** What records the body of a message holds, of messages that are gathered. Thread-safe. */
interface BodyRecords {

    /**
     * The records in their order.
     *
     * <ul>
     *   <li>in: how people know the message, for origins; its whole body
     *   <li>bad rows: what is no record, where others of the message are
     *   <li>errors: {@link io.caravan.error.CaravanException} when the message as a whole is none
     * </ul>
     */
    List<Record> of(String message, byte[] body, Consumer<BadRow> bad);
}
