package io.caravan.object;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.RecordMaker;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The records of an object with the fields that its name says, which may be fields of their key. */
final class PartitionedRows implements RecordReader {

    private static final int REMEMBERED = 32;
    private static final int LONGEST_NUMBER = 1000;

    /** @param positions of what the name says, in its order */
    private record Shape(Fields read, Fields fields, int[] positions, RecordMaker maker) {}

    private final RecordReader reader;
    private final UnaryOperator<List<String>> called;
    private final List<String> keyFields;
    private final List<String> names;
    private final String[] said;
    private final Map<Fields, Shape> shapes = new HashMap<>();
    private Shape shape;

    /**
     * @param reader makes keys of those of {@code keyFields} that the name does not say, or of none
     * @param called what the fields of a row are called, by what the object calls them
     * @param said by field, null where there is no value
     */
    PartitionedRows(
            RecordReader reader, UnaryOperator<List<String>> called, List<String> keyFields, Map<String, String> said) {
        this.called = called;
        this.reader = reader;
        this.keyFields = keyFields;
        this.names = new ArrayList<>(said.keySet());
        this.said = said.values().toArray(String[]::new);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<Record> next = reader.read(bad); next.isPresent(); next = reader.read(bad)) {
            try {
                return Optional.of(with(next.get()));
            } catch (BadRecordException e) {
                bad.accept(new BadRow(next.get().origin(), raw(next.get()), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Record with(Record read) {
        Shape its = shape(read.fields());
        Object[] values = new Object[its.fields.size()];
        for (int i = 0; i < its.read.size(); i++) values[i] = read.at(i);
        for (int i = 0; i < said.length; i++) {
            int at = its.positions[i];
            if (values[at] == null) values[at] = said[i];
            else if (!same(values[at], said[i])) throw differs(read, i, values[at]);
        }
        return its.maker.make(values, read.origin());
    }

    private Shape shape(Fields read) {
        if (shape != null && shape.read == read) return shape;
        if (shapes.size() > REMEMBERED) shapes.clear();
        shape = shapes.computeIfAbsent(read, this::made);
        return shape;
    }

    private Shape made(Fields read) {
        List<String> all = new ArrayList<>(called.apply(read.names()));
        names.stream().filter(name -> !all.contains(name)).forEach(all::add);
        // a row without one has no key, which the maker says of it
        keyFields.stream().filter(name -> !all.contains(name)).forEach(all::add);
        Fields fields = new Fields(all);
        int[] positions = names.stream().mapToInt(fields::indexOf).toArray();
        return new Shape(read, fields, positions, new RecordMaker(fields, keyFields));
    }

    /** Whether a value of the object is what the text in its name says: 5 is 05 there, as no text says how many digits it should have. */
    private static boolean same(Object value, String text) {
        if (text == null) return value.equals("");
        if (value.toString().equals(text)) return true;
        if (value instanceof Boolean) return value.toString().equalsIgnoreCase(text);
        Optional<BigDecimal> number = number(value.toString());
        if (number.isPresent())
            return number(text).filter(n -> n.compareTo(number.get()) == 0).isPresent();
        String rank = Rank.of(value);
        return rank.startsWith(Rank.TIME_RANK) && rank.equals(Rank.of(text));
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return text.length() > LONGEST_NUMBER || text.chars().anyMatch(c -> c > 127)
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private BadRecordException differs(Record read, int i, Object value) {
        String rule = said[i] == null
                ? "be empty, as the object's path says"
                : "be '" + said[i] + "', as the object's path says";
        return new BadRecordException(SettingChecks.sentence(
                        read.origin().toString(), names.get(i), rule, ObjectNames.shown(value.toString()))
                + "; correct one of them, or take '" + names.get(i) + "' out of 'partitionColumns'");
    }

    private static String raw(Record read) {
        return IntStream.range(0, Math.min(read.fields().size(), 1000))
                .mapToObj(i -> read.at(i) == null ? "" : read.at(i).toString())
                .collect(Collectors.joining("\t"));
    }

    @Override
    public Optional<String> note() {
        return reader.note();
    }

    /** Who reads the object alone does not know its name's fields. */
    @Override
    public boolean asStored() {
        return false;
    }

    @Override
    public void close() {
        reader.close();
    }
}
