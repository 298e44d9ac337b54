package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSources;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is a success only when everything was read and all of it is accounted for. Else no sink that lacks something moves
 * on, nothing is deleted after an incomplete reading, and the next run resumes.
 */
class GateTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void firstRun() {
        things = new Things(ledger);
        things.many("a", 0, 300);
        things.many("b", 300, 400);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        // from now on: three records are gone, one is new
        things.many("a", 3, 301);
        things.many("b", 301, 401);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        things.assertNothingIsLeftBehind();
    }

    // the source

    @Test
    void anObjectThatEndsEarlyIsNoSuccess() {
        things.memory.meddler = (object, reader) -> after(reader, object.name().equals("a") ? 150 : -1, () -> {
            throw new IncompleteSourceException("a: the object ended early");
        });
        assertFailsAndResumes("a: the object ended early", () -> things.memory.meddler = (o, r) -> r);
    }

    @Test
    void aStoreThatGoesAwayWhileAnObjectIsReadIsNoSuccess() {
        things.memory.meddler = (object, reader) -> after(reader, object.name().equals("b") ? 50 : -1, () -> {
            throw new UnavailableException("objects: cannot be reached", null);
        });
        assertFailsAndResumes("objects: cannot be reached", () -> things.memory.meddler = (o, r) -> r);
    }

    @Test
    void aReaderWithABugIsNoSuccess() {
        things.memory.meddler = (object, reader) -> after(reader, 20, () -> {
            throw new IllegalStateException("a bug");
        });
        assertFailsAndResumes("a bug", () -> things.memory.meddler = (o, r) -> r);
    }

    @Test
    void anObjectLostBetweenListingAndOpeningIsNoSuccess() {
        things.memory.meddler = (object, reader) -> {
            if (object.name().equals("b"))
                throw new IncompleteSourceException("b: the object is gone since it was listed");
            return reader;
        };
        assertFailsAndResumes("b: the object is gone since it was listed", () -> things.memory.meddler = (o, r) -> r);
    }

    @Test
    void aListingThatBreaksOffIsNoSuccess() {
        things.memory.listing = () -> {
            throw new UnavailableException("objects: cannot be listed", null);
        };
        assertFailsAndResumes("objects: cannot be listed", () -> things.memory.listing = () -> {});
    }

    @Test
    void aSourceWithoutObjectsIsNoSuccess() {
        var all = new TreeMap<>(things.memory.objects);
        things.memory.objects.clear();
        assertFailsAndResumes(
                things.name + ": the source must hold at least one object, found none; check its input, prefix and name"
                        + " pattern, or run once with --allow-deletes if it is empty",
                () -> things.memory.objects.putAll(all));
    }

    @Test
    void anObjectThatChangesWhileItIsReadIsNoSuccess(@TempDir Path folder) throws IOException {
        things = new Things(ledger);
        things.source = ObjectsSources.of(
                folder.toString(), "", "*", "csv", "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
        Path file = folder.resolve("a.csv");
        Files.writeString(file, csv(0, 20_000));
        AtomicInteger batches = new AtomicInteger();
        things.left.meddler = position -> {
            if (batches.getAndIncrement() == 0) append(file, "late,1\n");
        };
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).singleElement().asString().endsWith("; it is read again by the next run");
        assertThat(things.acked("left")).isZero();
        things.left.meddler = position -> {};
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(20_001).isEqualTo(things.right.held);
    }

    @Test
    void aFileThatIsDeletedBetweenListingAndOpeningIsNoSuccess(@TempDir Path folder) throws IOException {
        things = new Things(ledger);
        things.source = ObjectsSources.of(
                folder.toString(), "", "*", "csv", "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
        Files.writeString(folder.resolve("a.csv"), csv(0, 5_000));
        Files.writeString(folder.resolve("b.csv"), csv(5_000, 5_010));
        things.left.meddler = position -> delete(folder.resolve("b.csv"));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly("b.csv: the object is gone since it was listed");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    // the steps and sinks

    @Test
    void aStepThatLosesRecordsIsNoSuccess() {
        things.steps.add((batch, reject) ->
                batch.stream().filter(r -> !r.key().equals("k400")).toList());
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly(
                        "left: records read must be written, unchanged or dead, got 397 of 398",
                        "right: records read must be written, unchanged or dead, got 397 of 398");
        assertThat(things.acked("left")).isLessThan(run.runId());
        things.steps.clear();
        assertResumes();
    }

    @Test
    void aStepThatMultipliesRecordsIsNoSuccess() {
        things.steps.add((batch, reject) -> batch.stream()
                .flatMap(r -> Stream.of(r, r))
                .filter(r -> !r.deleted())
                .toList());
        things.sinks = List.of(things.left);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).hasSize(2);
    }

    @Test
    void aStepThatLosesTombstonesIsNoSuccess() {
        things.steps.add(
                (batch, reject) -> batch.stream().filter(r -> !r.deleted()).toList());
        assertFailsAndResumes(
                List.of(
                        "left: records that are gone must be deleted, got 0 of 3",
                        "right: records that are gone must be deleted, got 0 of 3"),
                things.steps::clear);
    }

    @Test
    void aSinkThatTheRouteForgetsIsNoSuccess() {
        things.sinks = List.of(things.left);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("right: records read must be written, unchanged or dead, got 397 of 398");
        assertThat(things.acked("left")).isEqualTo(run.runId());
        assertThat(things.acked("right")).isLessThan(run.runId());
        things.sinks = List.of(things.left, things.right);
        assertResumes();
    }

    @Test
    void aSinkThatGetsABatchTwiceIsNoSuccess() {
        things.sinks = List.of(things.left, things.left, things.right);
        assertThat(things.run().problems())
                .containsExactly("left: records read must be written, unchanged or dead, got 399 of 398");
    }

    @Test
    void aSinkThatRefusesWhatItWasNotSentIsNoSuccess() {
        Record stranger = Record.read("x", MemorySource.FIELDS, new Object[] {"x", 1L}, new Origin("o", 1), Hash.NONE);
        things.sinks = List.of(
                new Lying(things.left, refused -> refused.add(new Refusal(stranger, "who is it?"))), things.right);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("left: what it refuses must be records of the" + " batch, each once");
        assertThat(things.acked("left")).isLessThan(run.runId());
        assertThat(things.letters()).isEmpty();
        things.sinks = List.of(things.left, things.right);
        assertResumes();
    }

    @Test
    void aSinkThatThrowsAnErrorIsNoSuccess() {
        things.left.meddler = position -> {
            throw new OutOfMemoryError("not really");
        };
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("left: the memory is not enough; raise it with CARAVAN_JAVA_OPTS=-Xmx4g");
        assertThat(things.letters()).isEmpty();
        things.left.meddler = position -> {};
        assertResumes();
    }

    @Test
    void aReaderThatThrowsAnErrorIsNoSuccess() {
        things.memory.meddler = (object, reader) -> after(reader, 20, () -> {
            throw new StackOverflowError("nested too deep");
        });
        assertFailsAndResumes("a value or a route is nested too deeply", () -> things.memory.meddler = (o, r) -> r);
    }

    @Test
    void aRouteThatIsStoppedHalfWayIsNoSuccess() {
        Session session = things.open(RunRequest.of(Mode.RUN));
        Iterator<List<Record>> batches = session.batches();
        List<Record> first = batches.next();
        things.sinks.forEach(s -> session.deliver(s, first));
        RunReport run = session.close(Optional.empty());
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly(things.name + ": the run was stopped before its end");
        assertThat(things.status(run.runId())).isEqualTo("failed");
        assertThat(things.acked("left")).isLessThan(run.runId());
        assertResumes();
    }

    @Test
    void aRouteThatNeverAsksForABatchIsNoSuccess() {
        Session session = things.open(RunRequest.of(Mode.RUN));
        RunReport run = session.close(Optional.empty());
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertResumes();
    }

    @Test
    void aRouteThatFailsOnTheWayIsNoSuccess() {
        things.steps.add((batch, reject) -> {
            throw new IllegalStateException("a bug");
        });
        assertFailsAndResumes("a bug", things.steps::clear);
    }

    @Test
    void aSinkNobodyDeclaredIsAnError() {
        things.sinks = List.of(new MemorySink("third"));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).contains(things.name + ": sink must be one of [left, right], got 'third'");
    }

    // sinks that fail

    @Test
    void aSinkThatFailsOnTheWayGetsNothingMoreInThisRun() {
        things.many("c", 1000, 2000);
        AtomicInteger calls = new AtomicInteger();
        things.left.meddler = position -> {
            if (position == 0 && calls.incrementAndGet() == 3) {
                throw new UnavailableException("left: connection reset", null);
            }
        };
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly("left: connection reset");
        assertThat(calls.get()).isEqualTo(3);
        assertThat(run.openDeadLetters()).isZero();
        assertThat(things.acked("left")).isLessThan(run.runId());
        assertThat(things.acked("right")).isEqualTo(run.runId());
        assertThat(things.right.held).hasSize(1398);
        things.left.meddler = position -> {};
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aSinkThatCannotBeUsedAsConfiguredFailsAtOnceAndMakesNoDeadLetters() {
        things.left.meddler = position -> {
            throw new ConfigurationException("left: password must be right");
        };
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly("left: password must be right");
        assertThat(things.letters()).isEmpty();
        things.left.meddler = position -> {};
        assertResumes();
    }

    @Test
    void aSinkThatRefusesToDeleteFails() {
        things.left.poison = Record::deleted;
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly("left: record k0 could not be deleted: cannot hold this batch");
        assertThat(things.letters()).isEmpty();
        assertThat(things.acked("left")).isLessThan(run.runId());
        assertThat(things.right.held).hasSize(398);
        things.left.poison = r -> false;
        assertResumes();
    }

    @Test
    void aRecordThatBreaksARuleIsNoReasonToFail() {
        things.steps.add(rejecting(Set.of("k400")));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left").dead()).isEqualTo(1);
    }

    @Test
    void whoAsksForTheLeaseInVainChangesNothing() {
        Session session = things.open(RunRequest.of(Mode.RUN));
        List<String> before = ledger.dump(things.name);
        assertThatThrownBy(() -> things.open(RunRequest.of(Mode.RUN))).isInstanceOf(LeaseHeldException.class);
        assertThatThrownBy(() -> things.open(RunRequest.of(Mode.PLAN))).isInstanceOf(LeaseHeldException.class);
        session.batches().forEachRemaining(batch -> things.sinks.forEach(s -> session.deliver(s, batch)));
        assertThat(session.close(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(before).isNotEmpty();
    }

    private void assertFailsAndResumes(String problem, Runnable fix) {
        assertFailsAndResumes(List.of(problem), fix);
    }

    private void assertFailsAndResumes(List<String> problems, Runnable fix) {
        long ackedBefore = things.acked("left");
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactlyElementsOf(problems);
        assertThat(things.status(run.runId())).isEqualTo("failed");
        assertThat(things.acked("left")).isEqualTo(ackedBefore);
        assertThat(things.acked("right")).isEqualTo(ackedBefore);
        assertThat(things.left.held).containsKeys("k0", "k1", "k2");
        fix.run();
        assertResumes();
    }

    private void assertResumes() {
        RunReport next = things.run();
        assertThat(next.problems()).isEmpty();
        assertThat(next.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held.keySet())
                .isEqualTo(Set.copyOf(things.memory.expected().keySet()));
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        RunReport idle = things.run();
        assertThat(idle.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(idle.sinks().get("left").written()).isZero();
    }

    /** A reader that after so many records does something else. */
    private static RecordReader after(RecordReader reader, int records, Runnable instead) {
        AtomicInteger left = new AtomicInteger(records);
        return new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                if (left.getAndDecrement() == 0) instead.run();
                return reader.read(bad);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    static Step rejecting(Set<String> keys) {
        return (batch, reject) -> {
            List<Record> rest = new ArrayList<>();
            for (Record r : batch) {
                if (!r.deleted() && keys.contains(r.key()))
                    reject.accept(r, new BadRecordException("size must be a number"));
                else rest.add(r);
            }
            return rest;
        };
    }

    private static String csv(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "k" + i + "," + i)
                .collect(Collectors.joining("\n", "id,value\n", "\n"));
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A sink that adds to what it says it refused. */
    private record Lying(Sink sink, Consumer<List<Refusal>> lie) implements Sink {

        @Override
        public String name() {
            return sink.name();
        }

        @Override
        public List<Refusal> write(List<Record> batch) {
            List<Refusal> refused = new ArrayList<>(sink.write(batch));
            lie.accept(refused);
            return refused;
        }

        @Override
        public Stream<String> keys() {
            return sink.keys();
        }

        @Override
        public Set<String> differing(List<Record> batch) {
            return sink.differing(batch);
        }

        @Override
        public Optional<String> check() {
            return sink.check();
        }
    }
}
