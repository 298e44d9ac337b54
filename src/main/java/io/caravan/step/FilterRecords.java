package io.caravan.step;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.record.Record;
import io.caravan.record.RecordFields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.Predicate;
import org.apache.camel.support.DefaultExchange;

/**
 * Lets the records pass for which a predicate of Camel holds; the others are dropped: the sinks behind do not get them, and lose what they
 * hold of them from when they passed. The body that the predicate looks at is the record, a map of its fields.
 *
 * <ul>
 *   <li>errors: a record at which the predicate fails is a dead letter; {@link ConfigurationException} for one that cannot be read
 * </ul>
 */
public final class FilterRecords implements Step, CamelContextAware {

    private static final String UNIT = "filter-records-action";

    private final String name;
    private final String where;
    private final String language;
    private volatile CamelContext context;
    private volatile Predicate predicate;

    /** {@code name}: by which what it drops is counted; {@code where}: in the words of one of Camel's languages; Camel finds no constructor that takes texts for one with ${ in it. */
    public FilterRecords(String name, Object where, String language) {
        this.name = name;
        this.where = where.toString();
        this.language = language;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        context = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        Predicate asked = predicate();
        Exchange exchange = new DefaultExchange(context);
        List<Record> passed = new ArrayList<>(batch.size());
        for (Record record : batch) {
            if (record.deleted()) {
                passed.add(record);
                continue;
            }
            exchange.getMessage().setBody(RecordFields.of(record));
            try {
                passed.add(asked.matches(exchange) ? record : record.dropped(name));
            } catch (RuntimeException e) {
                reject.accept(
                        record,
                        new BadRecordException(
                                UNIT + ": where must hold or not for each record, got an" + " error: " + Words.of(e)));
            }
        }
        return passed;
    }

    private Predicate predicate() {
        Predicate known = predicate;
        if (known != null) return known;
        new SettingChecks(UNIT)
                .notBlank("name", name)
                .notBlank("where", where)
                .notBlank("language", language)
                .check();
        try {
            Predicate made = context.resolveLanguage(language).createPredicate(where);
            made.init(context);
            predicate = made;
            return made;
        } catch (NoSuchLanguageException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(UNIT, "language", "be one of Camel's that is on the class path", language));
        } catch (RuntimeException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                            UNIT, "where", "be a predicate of " + language + " (" + Words.of(e) + ")", where)
                    + "; like ${body[status]} == 'active'");
        }
    }
}
