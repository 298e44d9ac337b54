package io.caravan.encryption;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.record.Hash;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Seals fields before anybody sees them: what is stored of them is ciphertext, or the bcrypt hash of a password.
 *
 * <ul>
 *   <li>in: texts, numbers, times, truths; null and the empty text stay, as they hide nothing
 *   <li>in: what this step sealed before for the same context, and Fernet tokens of keys in the registry, are opened and sealed by the
 *       primary key; what that sealed stays as it is; a bcrypt hash stays
 *   <li>out: {@link io.caravan.record.Sealed} values: an unchanged one costs one HMAC
 *   <li>rejects: a list, a map, bytes; what is sealed for another context or by a key that is not there; a password that bcrypt
 *       cannot take; a record without the field, unless {@code missingFields} is {@code pass}
 * </ul>
 */
public final class EncryptFields implements Step {

    private static final String UNIT = "encrypt-fields-action";
    /** So much of a row, sealed, is a letter that is kept whole. */
    private static final int MOST_OF_ROW = 16_000;

    private final FieldNames random;
    private final FieldNames joined;
    private final FieldNames hashed;
    private final int bcryptCost;
    private final String context;
    private final boolean mustHave;
    private final KeysOfRun keys;

    /**
     * @param fields what is sealed so that the same text looks different each time, {@code field} or {@code kind.field}
     * @param deterministic what is sealed so that the same text looks the same, to be joined
     * @param bcrypt passwords
     * @param bcryptCost the work of a hash, two to its power
     * @param context what sealed values are bound to, beside kind and field
     */
    public EncryptFields(
            String fields,
            String deterministic,
            String bcrypt,
            int bcryptCost,
            String context,
            String missingFields,
            String keysFile,
            boolean cleartextKeys) {
        SettingChecks settings = new SettingChecks(UNIT);
        this.random = new FieldNames(fields);
        this.joined = new FieldNames(deterministic);
        this.hashed = new FieldNames(bcrypt);
        this.bcryptCost = bcryptCost;
        this.context = context.strip();
        this.mustHave = missingFields.equals("refuse");
        Set<String> met = new LinkedHashSet<>();
        all().forEach(name -> {
            settings.must(met.add(name), "fields, deterministic and bcrypt", "name a field once", name);
            String field = name.substring(name.lastIndexOf('.') + 1);
            settings.must(!Set.of("_id", FieldNames.KIND).contains(field), "fields", "not be of the key", name);
        });
        settings.must(!met.isEmpty(), "fields, deterministic or bcrypt", "name a field", fields)
                .between("bcryptCost", bcryptCost, 4, 20)
                .notBlank("context", this.context)
                .must(
                        Set.of("refuse", "pass").contains(missingFields),
                        "missingFields",
                        "be refuse or pass",
                        missingFields);
        this.keys = new KeysOfRun(UNIT, keysFile, cleartextKeys);
        settings.check();
    }

    private Stream<String> all() {
        return Stream.of(random, joined, hashed).flatMap(names -> names.all().stream());
    }

    @Override
    public Step at(Instant began) {
        return new Sealing(keys.at(began));
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        return at(Instant.now()).apply(batch, reject);
    }

    /** The step of one run. */
    private final class Sealing implements Step {

        private final KeyRegistry registry;

        private Sealing(KeyRegistry registry) {
            this.registry = registry;
        }

        @Override
        public Optional<UnaryOperator<String>> seal() {
            return Optional.of(row -> registry.seal(
                            row.length() > MOST_OF_ROW ? row.substring(0, MOST_OF_ROW) : row,
                            KeyRegistry.place(context, "", ROW),
                            true) // the same row is the same letter, which may have been accepted
                    .text());
        }

        @Override
        public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
            List<Record> sealed = new ArrayList<>(batch.size());
            for (Record record : batch) {
                try {
                    sealed.add(record.deleted() ? record : sealed(record));
                } catch (BadRecordException e) {
                    reject.accept(record, e);
                }
            }
            return sealed;
        }

        private Record sealed(Record record) {
            String kind = record.get(FieldNames.KIND).map(Object::toString).orElse("");
            if (mustHave) mustHave(record, kind);
            Object[] values = new Object[record.fields().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = sealed(kind, record.fields().names().get(i), record.at(i));
            }
            return record.with(record.fields(), values);
        }

        private Object sealed(String kind, String field, Object value) {
            boolean hash = hashed.has(kind, field);
            boolean join = joined.has(kind, field);
            if (!hash && !join && !random.has(kind, field)) return value;
            if (value == null || value.equals("")) return value;
            String text = Keys.text(value)
                    .orElseThrow(() -> new BadRecordException(
                            unit(field) + " must be a text, a number, a time or a truth to be sealed, and is "
                                    + Words.kind(value)));
            return hash ? hashed(kind, field, text) : sealed(kind, field, text, join);
        }

        private Object sealed(String kind, String field, String text, boolean join) {
            byte[] place = KeyRegistry.place(context, kind, field);
            if (!SealedForm.is(text)) {
                String plain = registry.openToken(text, unit(field)).orElse(text);
                return new SealedText(registry, place, plain, join, null);
            }
            SealedForm form = SealedForm.of(text)
                    .orElseThrow(
                            () -> new BadRecordException(
                                    unit(field)
                                            + " must be sealed as this version does it where it begins like a sealed value, and is not"));
            String plain = registry.open(form, place, unit(field));
            boolean stays = form.version() == registry.primary() && form.deterministic() == join;
            return new SealedText(registry, place, plain, join, stays ? text : null);
        }

        private Object hashed(String kind, String field, String text) {
            if (HashedText.is(text)) return text;
            if (text.getBytes(StandardCharsets.UTF_8).length > HashedText.MOST_BYTES || text.indexOf('\0') >= 0) {
                throw new BadRecordException(unit(field) + " must be a password of up to " + HashedText.MOST_BYTES
                        + " bytes without U+0000, as bcrypt looks at no more, and is another");
            }
            Hash hash = registry.hash("bcrypt " + bcryptCost, context, kind, field, text);
            return new HashedText(text, bcryptCost, hash);
        }

        private void mustHave(Record record, String kind) {
            Stream.of(random, joined, hashed)
                    .flatMap(names -> names.of(kind).stream())
                    .forEach(field -> {
                        if (record.fields().indexOf(field) < 0) {
                            throw new BadRecordException(unit(field)
                                    + " must be there, or what it held may stand unsealed in a field of another name; missingFields: pass where"
                                    + " records may lack it");
                        }
                    });
        }
    }

    static final String ROW = "row";

    private static String unit(String field) {
        return UNIT + ": field '" + field + "'";
    }
}
