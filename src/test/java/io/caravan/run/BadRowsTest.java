package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.PlainTransactions;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSources;
import io.caravan.record.Hash;
import io.caravan.run.RunReport.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What rows that cannot be read, or have no key, do to the records beside them and to the run. */
class BadRowsTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void firstRun() {
        things = new Things(ledger);
        things.object("o", "a=1", "b=2", "c=3", "d=4");
        things.object("p", "x=1", "y=2", "z=3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    // deletes that wait

    @Test
    void aRowThatBecomesUnreadableDoesNotDeleteItsLastGoodVersion(@TempDir Path folder) throws IOException {
        things = new Things(ledger);
        things.source = ObjectsSources.of(
                folder.toString(), "", "*", "csv", "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
        Files.write(folder.resolve("people.csv"), csv("plain30".getBytes(StandardCharsets.UTF_8)));
        things.run();
        Map<String, Hash> before = new TreeMap<>(things.left.held);
        Files.write(folder.resolve("people.csv"), csv(new byte[] {'p', (byte) 0xc3, (byte) 0x28}));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("left").deleted()).isZero();
        assertThat(things.left.held).hasSize(30).isEqualTo(before).isEqualTo(things.right.held);
        assertThat(run.notes()).containsExactly(wait(1, "people.csv (1)"));
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        Files.write(folder.resolve("people.csv"), csv("fixed".getBytes(StandardCharsets.UTF_8)));
        run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").written()).isEqualTo(1);
        assertThat(run.notes()).isEmpty();
    }

    @Test
    void aRecordThatIsReallyGoneGoesWhenTheBadRowBesideItIsMended() {
        things.object("o", "a=1", "=2", "d=4"); // b is bad, c is gone; nobody can tell which
        RunReport run = things.run();
        assertThat(run.notes()).containsExactly(wait(2, "o (2)"));
        assertBothHold("a", "b", "c", "d", "x", "y", "z");
        things.object("o", "a=1", "b=2", "d=4");
        run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
        assertBothHold("a", "b", "d", "x", "y", "z");
    }

    @Test
    void deletesThatWaitAreNotHinderedByTheDeleteLimitAndDoNotHinderOthers() {
        things.limits = Limits.DEFAULT.deleting(20);
        things.object("o", "a=1", "=2");
        things.object("p", "x=1", "y=2"); // one of seven
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
        assertBothHold("a", "b", "c", "d", "x", "y");
        discard();
        assertThat(things.run().problems())
                .as("they are deletes like any other when they no longer wait")
                .hasSize(1);
        assertBothHold("a", "b", "c", "d", "x", "y");
    }

    @Test
    void whenItsLetterIsDiscardedOrAcceptedTheDeletesGoThoughTheObjectIsNotReadAgain() {
        for (boolean accepted : List.of(true, false)) {
            things.object("o", "a=1", "=2", "c=3", accepted ? "d=4" : "d=5");
            things.run();
            assertBothHold("a", "b", "c", "d", "x", "y", "z");
            int opened = things.memory.opened.get();
            assertThat(accepted ? accept("") : discard()).isEqualTo(1);
            RunReport run = things.run();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
            assertThat(things.memory.opened.get()).isEqualTo(opened);
            assertBothHold("a", "c", "d", "x", "y", "z");
            firstRun();
        }
    }

    @Test
    void anObjectThatVanishesTakesItsRecordsWithItThoughItHadBadRows() {
        things.object("o", "a=1", "=2");
        things.run();
        things.memory.objects.remove("o");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertBothHold("x", "y", "z");
        assertThat(things.letters()).containsExactly("o:2 gone");
    }

    @Test
    void aRecordThatMovedToAnotherObjectIsNotHeldByTheOneItLeft() {
        things.object("o", "=1", "b=2", "c=3", "d=4");
        things.object("p", "a=1", "x=1", "y=2", "z=3");
        assertThat(things.run().notes()).isEmpty();
        things.object("p", "x=1", "y=2", "z=3");
        RunReport run = things.run();
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
        assertBothHold("b", "c", "d", "x", "y", "z");
    }

    @Test
    void lettersOfRowsThatHaveAKeyHoldNothing() {
        things.object("o", "a=1", "b=2", "d=4", "a=9"); // c is gone, a is there twice
        RunReport run = things.run();
        assertThat(run.openDeadLetters()).isEqualTo(1);
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
    }

    @Test
    void aChangeThatASinkMissedReachesItWhenTheRowCanBeReadAgain() {
        things.object("o", "a=1", "b=22", "c=3", "d=4");
        things.left.down = true;
        things.run();
        things.left.down = false;
        things.object("o", "a=1", "=22", "c=3", "d=4");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        things.object("o", "a=1", "b=22", "c=3", "d=4");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    // tolerated and accepted

    @Test
    void rowsThatRulesRefuseUpToWhatIsToleratedAreASuccess() {
        tolerate("2");
        things.object("o", "a=1", "=2", "c=33", "d=4");
        things.steps.add(GateTest.rejecting(Set.of("c")));
        things.object("p", "x=1", "y=2", "z=3", "c=4"); // a third: a duplicate
        RunReport run = things.run();
        assertThat(run.status()).as("three of two").isEqualTo(Status.PARTIAL);
        assertThat(letters()).noneMatch(Entry::tolerated);
        things.object("p", "x=1", "y=2", "z=3");
        things.generations.put("left", "2");
        run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.status(run.runId())).isEqualTo("succeeded");
        assertThat(run.openDeadLetters()).isEqualTo(2);
        assertThat(run.notes())
                .contains(things.name + ": dead letters of rows that rules refused: 2, which tolerate allows (2)");
        assertThat(letters()).hasSize(2).allMatch(Entry::tolerated);
        assertThat(things.run().status()).as("a run that reads nothing").isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aShareIsOfAllThatTheSourceHolds() {
        tolerate("15%");
        things.object("o", "a=1", "b=2", "c=3", "d=4", "=5"); // one of eight
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        tolerate("12%");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
    }

    @Test
    void whatASinkRefusesIsNotTolerated() {
        tolerate("10");
        things.left.poison = r -> r.key().equals("b");
        things.object("o", "a=1", "b=22", "c=3", "d=4");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
    }

    @Test
    void anAcceptedLetterIsNoProblemUntilItsRecordChanges() {
        things.left.poison = r -> r.key().equals("b");
        things.object("o", "a=1", "b=22", "c=3", "d=4", "=5");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(accept("cannot hold")).as("by reason").isEqualTo(1);
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(accept("")).as("the others").isEqualTo(1);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.openDeadLetters()).isZero();
        things.generations.put("left", "2");
        assertThat(things.run().status()).as("refused again").isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("o:5 accepted", "left b accepted");
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        things.object("o", "a=1", "b=23", "c=3", "d=4", "=5");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("o:5 accepted", "left b open");
    }

    @Test
    void anAcceptedRowIsKnownAgainOnAnotherLineAndAnotherRowInItsPlaceIsNot() {
        things.object("o", "a=1", "=2");
        things.run();
        accept("");
        things.object("o", "a=1", "=7", "=2");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("o:2 open", "o:3 accepted");
    }

    @Test
    void anAcceptedLetterCanBeSentAgainByItsNumberOnly() {
        things.left.poison = r -> r.key().equals("b");
        things.object("o", "a=1", "b=22", "c=3", "d=4");
        things.run();
        long id = letters().get(0).id();
        accept("");
        things.left.poison = r -> false;
        assertThat(things.replay(Optional.empty()).recordsRead()).isZero();
        assertThat(things.replay(Optional.of(id)).recordsRead()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("left b delivered");
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    // objects that are set aside

    @Test
    void anObjectOfMostlyUnreadableRowsIsSetAsideWithOneLetter() {
        List<String> rows = new ArrayList<>(List.of("a=1", "new=1"));
        for (int i = 0; i < 5; i++) rows.add("=" + i);
        things.object("o", rows.toArray(String[]::new));
        things.object("p", "x=1", "y=22");
        RunReport run = things.run();
        String why = "o: unreadable rows must be at most 50 % of an object's rows, got '5 of 7'; it is set aside whole:"
                + " fix it or the source's settings, or raise objectLimitPercent";
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.notes()).containsExactly(why, wait(4, "o (4)"));
        assertThat(run.sinks().get("left").deleted()).as("of the other object").isEqualTo(1);
        assertThat(run.sinks().get("left").written()).isEqualTo(1);
        assertBothHold("a", "b", "c", "d", "x", "y");
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(why);
            assertThat(letter.content().lines().toList())
                    .hasSize(5)
                    .startsWith("3: things: id must not be blank, got '': ,0");
        });
        accept("");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertBothHold("a", "b", "c", "d", "x", "y");
        things.object("o", "a=1", "c=3");
        run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").deleted()).isEqualTo(2);
        assertBothHold("a", "c", "x", "y");
        assertThat(things.letters()).containsExactly("o:0 gone");
    }

    @Test
    void aLongObjectIsNotReadToItsEndWhenMostOfItCannotBeRead() {
        String[] rows = new String[20_000];
        for (int i = 0; i < rows.length; i++) rows[i] = (i < 900 ? "n" + i : "") + "=" + i;
        things.object("o", rows);
        things.memory.badRows.set(0);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(things.memory.badRows.get()).isBetween(900, 1_000);
        assertThat(run.openDeadLetters()).isEqualTo(1);
        assertThat(things.letters().stream().filter(l -> l.endsWith("open"))).containsExactly("o:0 open");
        assertThat(things.left.held).containsKeys("a", "b", "c", "d").isEqualTo(things.right.held);
        assertThat(things.verify().recordsRead()).isEqualTo(run.recordsRead());
    }

    @Test
    void aSinkThatComesWhileAnObjectIsSetAsideGetsItsRecordsLater() {
        things.object("o", "=1", "=2", "=3", "=4", "=5");
        things.run();
        MemorySink third = new MemorySink("third");
        things.generations.put("third", "1");
        things.sinks = List.of(things.left, things.right, third);
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(third.held).containsOnlyKeys("x", "y", "z");
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        things.object("o", "a=1", "b=2", "c=3", "d=4");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(third.held).hasSize(7).isEqualTo(things.left.held);
    }

    // machinery

    private static byte[] csv(byte[] last) throws IOException {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        csv.write("id,name\n".getBytes(StandardCharsets.UTF_8));
        for (int i = 1; i < 30; i++) csv.write((i + ",plain" + i + "\n").getBytes(StandardCharsets.UTF_8));
        csv.write("30,".getBytes(StandardCharsets.UTF_8));
        csv.write(last);
        csv.write('\n');
        return csv.toByteArray();
    }

    private void tolerate(String what) {
        things.limits = Limits.of(100, 10, 50, what);
    }

    /** Letters go to the ledger 200 at a time. */
    @Test
    void acceptedRowsAreKnownAgainHoweverManyOfThemMoveOneLine() {
        things.limits = Limits.of(100, 100, 100, "0");
        String[] rows = new String[451];
        for (int i = 0; i < 450; i++) rows[i] = "=" + (i + 1);
        rows[450] = "good=1";
        things.object("o", rows);
        assertThat(things.run().openDeadLetters()).isEqualTo(450);
        assertThat(accept("")).isEqualTo(450);
        String[] moved = new String[452];
        moved[0] = "=1000";
        System.arraycopy(rows, 0, moved, 1, 451);
        things.object("o", moved);
        assertThat(things.run().openDeadLetters()).isEqualTo(1);
        assertThat(things.letters())
                .contains("o:1 open")
                .filteredOn(l -> l.endsWith(" accepted"))
                .hasSize(450);
        assertThat(things.run().openDeadLetters()).isEqualTo(1);
    }

    private int accept(String reason) {
        return new PlainTransactions(ledger.pool).in(c -> DeadLetters.accept(c, things.name, Optional.empty(), reason));
    }

    private int discard() {
        return new PlainTransactions(ledger.pool).in(c -> DeadLetters.discard(c, things.name, Optional.empty()));
    }

    private List<Entry> letters() {
        return new PlainTransactions(ledger.pool).in(c -> DeadLetters.list(c, Optional.of(things.name), 0, 100));
    }

    private String wait(int deletes, String objects) {
        return things.name + ": deletes that wait: " + deletes + ", as rows of " + objects
                + " cannot be read or have no key; they go when these rows are fixed or their dead letters are accepted"
                + " or discarded";
    }

    private void assertBothHold(String... keys) {
        assertThat(things.left.held).containsOnlyKeys(keys).isEqualTo(things.right.held);
    }
}
