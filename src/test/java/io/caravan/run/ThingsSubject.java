package io.caravan.run;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** A route of testroutes, copy-things by default, with two durable tables as sinks and a ledger in a database of their own. */
final class ThingsSubject implements KillProof.Subject {

    private final Endpoint database = TestStores.freshDatabase();
    private final Path folder;
    private final int records;
    private final String route;
    /** What it needs besides. */
    private final Map<String, String> settings;

    private int round;

    ThingsSubject(Path folder, int records) throws IOException {
        this(folder, records, "copy-things");
    }

    /** {@code route}: a file of testroutes. */
    ThingsSubject(Path folder, int records, String route) throws IOException {
        this(folder, records, route, Map.of());
    }

    ThingsSubject(Path folder, int records, String route, Map<String, String> settings) throws IOException {
        this.route = route;
        this.settings = settings;
        this.folder = Files.createDirectories(folder);
        this.records = records;
        Files.createDirectories(input());
    }

    @Override
    public Path properties() throws IOException {
        Properties p = new Properties();
        p.setProperty("camel.main.routes-include-pattern", "classpath:testroutes/" + route + ".camel.yaml");
        p.setProperty("camel.component.kamelet.no-error-handler", "true");
        p.setProperty("test.input", input().toString());
        p.setProperty("test.on", String.valueOf(round % 3 == 0)); // a filter that lets all through, or nothing
        p.setProperty("test.even", String.valueOf(round % 2 == 0)); // a choice that does so in other rounds
        p.setProperty("test.small", "regex '.*[02468]'"); // a record changes sides every other round
        String where = "\"" + database.uri() + "\",\"" + database.user() + "\",\"" + database.password() + "\"";
        p.setProperty("camel.beans.ledgerDataSource", "#class:io.caravan.ledger.LedgerDataSource(" + where + ")");
        p.setProperty("camel.beans.left", "#class:io.caravan.run.TableSink(\"left\"," + where + ",5000)");
        p.setProperty("camel.beans.right", "#class:io.caravan.run.TableSink(\"right\"," + where + ",40)");
        p.putAll(settings);
        Path file = folder.resolve("child.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            p.store(out, null);
        }
        return file;
    }

    /** Two files: every round changes some records, takes some away, gives some back, moves some to the other file. */
    @Override
    public void change(int number) throws IOException {
        round = number;
        try (Writer a = Files.newBufferedWriter(input().resolve("a.csv"));
                Writer b = Files.newBufferedWriter(input().resolve("b.csv"))) {
            a.write("id,size,text\n");
            b.write("id,size,text\n");
            for (int i = 0; i < records; i++) {
                if ((i + round) % 31 == 0) continue;
                long version = (i * 7L + round) / 2;
                boolean first = (i + round / 3) % 500 < 300;
                (first ? a : b).write("k" + i + "," + version + ",\"text of " + i + ", form " + version + "\"\n");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public Map<String, Map<String, String>> contents() {
        return Map.of("left", sink("left").contents(), "right", sink("right").contents());
    }

    TableSink sink(String name) {
        return new TableSink(name, database.uri(), database.user(), database.password(), 1);
    }

    TestLedger ledger() {
        return new TestLedger(database);
    }

    private Path input() {
        return folder.resolve("input");
    }
}
