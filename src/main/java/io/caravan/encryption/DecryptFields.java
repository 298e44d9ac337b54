package io.caravan.encryption;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Opens fields that were sealed for a context, for a sink that must have their plain texts.
 *
 * <ul>
 *   <li>in: texts that {@link EncryptFields} sealed, Fernet tokens of keys in the registry; null and the empty text stay
 *   <li>out: the plain texts, whatever type they had before
 *   <li>rejects: everything else: a value is never handed on as it is
 * </ul>
 */
public final class DecryptFields implements Step {

    private static final String UNIT = "decrypt-fields-action";

    private final FieldNames names;
    private final String context;
    private final KeysOfRun keys;

    /** {@code fields}: {@code field} or {@code kind.field}, comma separated. */
    public DecryptFields(String fields, String context, String keysFile, boolean cleartextKeys) {
        SettingChecks settings = new SettingChecks(UNIT);
        this.names = new FieldNames(fields);
        this.context = context.strip();
        settings.must(!names.all().isEmpty(), "fields", "name a field", fields).notBlank("context", this.context);
        this.keys = new KeysOfRun(UNIT, keysFile, cleartextKeys);
        settings.check();
    }

    @Override
    public Step at(Instant began) {
        KeyRegistry registry = keys.at(began);
        return (batch, reject) -> opened(registry, batch, reject);
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        return at(Instant.now()).apply(batch, reject);
    }

    private List<Record> opened(
            KeyRegistry registry, List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> opened = new ArrayList<>(batch.size());
        for (Record record : batch) {
            try {
                opened.add(record.deleted() ? record : opened(registry, record));
            } catch (BadRecordException e) {
                reject.accept(record, e);
            }
        }
        return opened;
    }

    private Record opened(KeyRegistry registry, Record record) {
        String kind = record.get(FieldNames.KIND).map(Object::toString).orElse("");
        Object[] values = new Object[record.fields().size()];
        for (int i = 0; i < values.length; i++) {
            String field = record.fields().names().get(i);
            Object value = record.at(i);
            boolean stays = value == null || value.equals("") || !names.has(kind, field);
            values[i] = stays ? value : opened(registry, kind, field, value.toString());
        }
        return record.with(record.fields(), values);
    }

    private String opened(KeyRegistry registry, String kind, String field, String text) {
        String unit = UNIT + ": field '" + field + "'";
        byte[] place = KeyRegistry.place(context, kind, field);
        return SealedForm.of(text)
                .map(form -> registry.open(form, place, unit))
                .or(() -> registry.openToken(text, unit))
                .orElseThrow(() -> new BadRecordException(unit + " must be sealed, and is not"));
    }
}
