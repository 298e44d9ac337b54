package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever a writer of RFC 4180 may write is read back, each row on its own line. */
class CsvRoundTripTest {

    private static final String[] PIECES = {
        "a", "Z", " ", ",", "\"", "\"\"", "\n", "\r\n", "\r", "\t", "é", "漢", "😀", "\uFEFF", "\0", "\\", "'", ";"
    };

    private record Written(String csv, List<List<String>> rows, List<Long> lines) {}

    @Property(tries = 2000)
    void whatIsWrittenIsReadWithItsLines(@ForAll long seed) {
        Random random = new Random(seed);
        Written written = write(random);
        List<BadRow> bad = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        try (RecordReader reader = open(dribble(written.csv().getBytes(UTF_8), random))) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                rows.add(texts(r.get()));
                lines.add(r.get().origin().line());
            }
        }
        assertThat(bad).isEmpty();
        assertThat(rows).isEqualTo(written.rows());
        assertThat(lines).isEqualTo(written.lines());
    }

    /**
     * A CSV object that ends early shows it, unless it ends between two rows, or inside or just after the last value of a
     * row: then it is an honest CSV of fewer rows or of a shorter value, and only the store, which knows the size, can
     * tell. Whatever the cut, no row but the last is another one than was written, and none is bad.
     */
    @Test
    void everyTruncationShowsOrIsAnHonestCsv() {
        String whole = "id,text,note\n1,\"a,\"\"b\"\"\nc\",\"x\"\r\n2,é,\"\"\n3,,plain\n";
        byte[] csv = whole.getBytes(UTF_8);
        List<List<String>> rows =
                List.of(List.of("1", "a,\"b\"\nc", "x"), List.of("2", "é", ""), Arrays.asList("3", null, "plain"));
        List<Integer> unnoticed = new ArrayList<>();
        for (int length = 0; length <= csv.length; length++) {
            List<BadRow> bad = new ArrayList<>();
            List<List<String>> read = new ArrayList<>();
            try (RecordReader reader = open(new ByteArrayInputStream(csv, 0, length))) {
                for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                    read.add(texts(r.get()));
                }
                unnoticed.add(length);
            } catch (IncompleteSourceException e) {
                assertThat(e).hasMessageStartingWith("o.csv:");
            }
            assertThat(bad).isEmpty();
            int certain = Math.max(0, read.size() - 1);
            assertThat(read.subList(0, certain)).isEqualTo(rows.subList(0, certain));
        }
        assertThat(unnoticed)
                .allSatisfy(length -> assertThat(isHonest(csv, length)).isTrue());
        assertThat(unnoticed).contains(csv.length).hasSizeLessThan(csv.length / 2);
    }

    /** The header's line is whole, every quote is closed, and the last line has nothing or all three of its values. */
    private static boolean isHonest(byte[] csv, int length) {
        String text = new String(csv, 0, length, UTF_8).replaceAll("(?s)\"(?:[^\"]|\"\")*\"", "q");
        String last = text.substring(1 + Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')));
        return !text.contains("\"")
                && (last.isEmpty() || last.chars().filter(c -> c == ',').count() == 2);
    }

    private static Written write(Random random) {
        String[] eols = {"\n", "\r\n", "\r"};
        String eol = eols[random.nextInt(3)];
        int columns = 1 + random.nextInt(4);
        StringBuilder csv = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
        List<String> header = new ArrayList<>(List.of("id"));
        for (int c = 1; c < columns; c++) header.add("f" + c);
        csv.append(String.join(",", header));
        List<List<String>> rows = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        long line = 1;
        int count = random.nextInt(6);
        for (int r = 0; r < count; r++) {
            for (int blank = 1 + random.nextInt(10) / 9; blank > 0; blank--) {
                csv.append(eol);
                line++;
            }
            List<String> row = new ArrayList<>(List.of("k" + random.nextInt()));
            for (int c = 1; c < columns; c++) row.add(value(random));
            rows.add(row);
            lines.add(line);
            for (int c = 0; c < columns; c++) csv.append(c == 0 ? "" : ",").append(encoded(row.get(c), random));
            for (String value : row) line += value == null ? 0 : lineBreaks(value);
        }
        if (count == 0 || random.nextBoolean()) csv.append(eol);
        return new Written(csv.toString(), rows, lines);
    }

    private static String value(Random random) {
        if (random.nextInt(5) == 0) return null;
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) text.append(PIECES[random.nextInt(PIECES.length)]);
        if (random.nextInt(200) == 0) text.append("long,".repeat(40_000));
        return text.toString();
    }

    private static String encoded(String value, Random random) {
        if (value == null) return "";
        boolean needed = value.isEmpty() || value.contains(",") || value.contains("\"") || lineBreaks(value) > 0;
        return needed || random.nextInt(3) == 0 ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private static long lineBreaks(String value) {
        return value.replace("\r\n", "\n")
                .chars()
                .filter(c -> c == '\n' || c == '\r')
                .count();
    }

    /** The bytes in pieces of any size, as a network gives them. */
    private static InputStream dribble(byte[] csv, Random random) {
        return new ByteArrayInputStream(csv) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(
                        target, offset, Math.min(length, 1 + random.nextInt(random.nextBoolean() ? 3 : 50_000)));
            }
        };
    }

    private static RecordReader open(InputStream csv) {
        return new CsvFormat(",", List.of()).open(csv, "o.csv", List.of("id"));
    }

    private static List<String> texts(Record record) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) texts.add((String) record.at(i));
        return texts;
    }
}
