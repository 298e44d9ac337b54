package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Letter;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import io.caravan.record.Sealed;
import java.util.List;
import java.util.Optional;

/** Dead letters of records that have a key: kept as their source gave them, so that a replay passes every step. */
final class Letters {

    private Letters() {}

    static List<Letter> refused(String sink, List<Refusal> refused) {
        return refused.stream()
                .map(r -> of("sink", sink, r.record(), r.reason()))
                .toList();
    }

    static Letter of(String stage, String sink, Record record, String reason) {
        String content = RecordJson.write(record.asRead());
        return new Letter(
                stage,
                sink,
                DeadLetters.identity(record.key()),
                Optional.of(record.key()),
                record.origin(),
                Sealed.hidden(record, reason),
                content);
    }
}
