package io.caravan.http;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.record.Record;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sends each record to a JSON API: in a request of its own, a few at a time, or many in one. A request that is sent again after
 * a lost answer has the same idempotency key.
 *
 * <ul>
 *   <li>status 2xx: taken; 404 and 410 of a DELETE: gone already; 400, 409, 422 and other 4xx: the record is refused with the
 *       server's message
 *   <li>404 or 405 for all records of a batch, a redirect, 401, 403: a wrong configuration
 *   <li>an API that cannot list what it holds cannot be verified: {@link #keys} and {@link #differing} then throw {@link
 *       UnsupportedOperationException} with a sentence that says so
 * </ul>
 */
public final class HttpSink implements Sink, AutoCloseable {

    private static final int MESSAGE_BYTES = 64 << 10;
    private static final Set<Integer> NOT_THERE = Set.of(404, 405, 410, 415, 501);

    private record Sent(Record record, int status, String message) {}

    private final String name;
    private final HttpApi api;
    private final HttpRequests requests;
    private final BatchResults results;
    private final HttpReads reads;
    private final int batchSize;
    private final int maxResponseBytes;
    private final Parallel parallel;

    /**
     * @param batchSize how many records a request holds at most, in mode batch
     * @param concurrency how many requests are under way at most
     * @param maxResponseBytes how much of an answer with results is read
     */
    public HttpSink(
            String name,
            HttpApi api,
            HttpRequests requests,
            BatchResults results,
            HttpReads reads,
            int batchSize,
            int concurrency,
            int maxResponseBytes) {
        new Settings("http-sink")
                .notBlank("sink", name)
                .between("batchSize", batchSize, 1, 100_000)
                .between("concurrency", concurrency, 1, 256)
                .between("maxResponseBytes", maxResponseBytes, 1, 1 << 30)
                .check();
        this.name = name;
        this.api = api;
        this.requests = requests;
        this.results = results;
        this.reads = reads;
        this.batchSize = batchSize;
        this.maxResponseBytes = maxResponseBytes;
        this.parallel = new Parallel(name, concurrency);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        List<Record> alone = new ArrayList<>();
        List<Record> together = new ArrayList<>();
        batch.forEach(record -> (requests.alone(record) ? alone : together).add(record));
        refusals.addAll(writeAlone(alone));
        List<List<Record>> slices = new ArrayList<>();
        for (int i = 0; i < together.size(); i += batchSize) {
            slices.add(together.subList(i, Math.min(i + batchSize, together.size())));
        }
        parallel.map(slices, this::writeTogether).forEach(refusals::addAll);
        return refusals;
    }

    private List<Refusal> writeAlone(List<Record> records) {
        List<Sent> refused = parallel.map(records, this::send).stream()
                .flatMap(Optional::stream)
                .toList();
        boolean nowhere = refused.stream().allMatch(s -> NOT_THERE.contains(s.status()));
        if (!records.isEmpty() && refused.size() == records.size() && nowhere) {
            throw new ConfigurationException(name + ": " + Address.shown(url()) + " must take records, got status '"
                    + refused.get(0).status() + "' for all; correct 'url', 'method' or 'recordPath'");
        }
        return refused.stream().map(s -> new Refusal(s.record(), s.message())).toList();
    }

    /** Sends one record; what is told of one that was not taken. */
    private Optional<Sent> send(Record record) {
        HttpApi.Call call;
        try {
            call = requests.one(url(), record);
        } catch (BadRecordException e) {
            return Optional.of(new Sent(record, 0, name + ": " + e.getMessage()));
        }
        HttpApi.Answer answer = api.exchange(call, MESSAGE_BYTES, false);
        boolean gone = call.method().equals("DELETE") && (answer.status() == 404 || answer.status() == 410);
        if (answer.success() || gone) return Optional.empty();
        refuseRedirect(call, answer);
        return Optional.of(new Sent(record, answer.status(), name + ": the API refused the record: " + said(answer)));
    }

    private List<Refusal> writeTogether(List<Record> records) {
        List<Refusal> refusals = new ArrayList<>();
        List<Record> sent = new ArrayList<>();
        for (Record record : records) {
            try {
                requests.check(record);
                sent.add(record);
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, name + ": " + e.getMessage()));
            }
        }
        if (sent.isEmpty()) return refusals;
        HttpApi.Call call = requests.many(url(), sent);
        HttpApi.Answer answer = api.exchange(call, maxResponseBytes, results.perRecord());
        if (answer.success()) {
            refusals.addAll(results.refusals(answer.body(), sent, api));
            return refusals;
        }
        refuseRedirect(call, answer);
        if (NOT_THERE.contains(answer.status())) {
            throw new ConfigurationException(
                    name + ": " + call + " must take records, got " + said(answer) + "; correct 'url' or 'method'");
        }
        throw new BadRecordException(name + ": the API refused the batch: " + said(answer));
    }

    private void refuseRedirect(HttpApi.Call call, HttpApi.Answer answer) {
        if (answer.status() >= 400) return;
        throw new ConfigurationException(name + ": " + call + " must answer 2xx, got status '" + answer.status()
                + "'; redirects are not followed, set 'url' to where it leads");
    }

    private String said(HttpApi.Answer answer) {
        String message = ServerMessage.of(
                api.hide(new String(answer.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        return "status " + answer.status() + (message.isEmpty() ? "" : ": " + message);
    }

    @Override
    public Stream<String> keys() {
        if (!reads.possible()) throw cannotBeVerified("it lists nothing; set readUrl if it can");
        return reads.keys(api);
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        if (!reads.possible()) throw cannotBeVerified("it lists nothing; set readUrl if it can");
        if (!requests.addressed()) throw cannotBeVerified("records have no address there; set recordPath if they have");
        Set<String> keys = new HashSet<>();
        List<Boolean> held = parallel.map(batch, record -> reads.holds(api, requests, record));
        for (int i = 0; i < held.size(); i++)
            if (!held.get(i)) keys.add(batch.get(i).key());
        return keys;
    }

    @Override
    public Optional<String> check() {
        try {
            HttpApi once = api.once();
            if (reads.possible()) reads.open(once).close();
            new HttpPost(once).check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void close() {
        parallel.close();
    }

    private URI url() {
        return api.address().uri();
    }

    private UnsupportedOperationException cannotBeVerified(String why) {
        return new UnsupportedOperationException(name + ": what the API holds cannot be verified: " + why);
    }
}
