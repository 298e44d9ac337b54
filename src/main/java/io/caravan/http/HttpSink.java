package io.caravan.http;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Sends each record to a JSON API: in a request of its own, a few at a time, or many in one. A request that is sent again after
 * a lost answer has the same idempotency key.
 *
 * <ul>
 *   <li>what an answer means is said by its status, see {@link Statuses}; 404 and 410 of a request that deletes: gone already
 *   <li>a record that gets the API's own error (500) at every try is held and sent once more, in {@link #flush} or when there
 *       are too many of its kind: it is refused then if the API takes others, else the API is away
 *   <li>an API that cannot list what it holds cannot be verified: {@link #keys} and {@link #differing} then throw {@link
 *       UnsupportedOperationException} with a sentence that says so
 * </ul>
 */
public final class HttpSink implements Sink, CamelContextAware, AutoCloseable {

    private static final int MESSAGE_BYTES = 64 << 10;

    private final String name;
    private final HttpApi api;
    private final HttpRequests requests;
    private final BatchResults results;
    private final HttpReads reads;
    private final int batchSize;
    private final int maxResponseBytes;
    private final Statuses statuses;
    private final HttpApi once;
    private final Doubts doubts;
    private final Parallel parallel;

    /**
     * @param batchSize how many records a request holds at most, in mode batch
     * @param concurrency how many requests are under way at most
     * @param maxResponseBytes how much of an answer with results is read
     * @param statuses what answers mean where they mean something else than usual: {@code 404=unavailable, 5xx=refused}
     */
    public HttpSink(
            String sink,
            HttpApi api,
            HttpRequests requests,
            BatchResults results,
            HttpReads reads,
            int batchSize,
            int concurrency,
            int maxResponseBytes,
            String statuses) {
        SettingChecks settings = new SettingChecks("http-sink")
                .notBlank("sink", sink)
                .between("batchSize", batchSize, 1, 100_000)
                .between("concurrency", concurrency, 1, 256)
                .between("maxResponseBytes", maxResponseBytes, 1, 1 << 30);
        this.statuses = Statuses.of(settings, "statuses", statuses);
        settings.check();
        this.name = sink;
        this.api = api;
        this.once = api.once();
        this.doubts = new Doubts(sink);
        this.requests = requests;
        this.results = results;
        this.reads = reads;
        this.batchSize = batchSize;
        this.maxResponseBytes = maxResponseBytes;
        this.parallel = new Parallel(sink, concurrency);
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        doubts.begin(batch);
        List<Sent> sent = send(batch, Round.of(name));
        List<Refusal> refusals = new ArrayList<>(refusals(sent));
        if (doubts.heard(sent)) refusals.addAll(judge());
        return refusals;
    }

    @Override
    public List<Refusal> flush() {
        return judge();
    }

    @Override
    public void discard() {
        doubts.forget();
    }

    /** Sends what is held in doubt once more, a record a request, and decides. */
    private List<Refusal> judge() {
        List<Record> held = doubts.held();
        if (held.isEmpty()) return List.of();
        Round round = Round.last(name);
        List<Sent> again = parallel.map(held, record -> alone(record, round));
        return doubts.judge(again, this::answers).stream().map(Sent::refusal).toList();
    }

    private Sent alone(Record record, Round round) {
        try {
            return requests.alone(record)
                    ? send(record, round)
                    : sendTogether(List.of(record), round, false).get(0);
        } catch (BadRecordException e) {
            return new Sent(record, Statuses.Meaning.REFUSED, e.getMessage());
        }
    }

    /** Whether the API answers to a GET where this record is, or would be: whatever it says, but no error of its own. */
    private boolean answers(Record record) {
        URI uri = requests.addressed() ? requests.address(url(), record.key()) : url();
        try {
            return once.exchange(HttpApi.Call.get(uri, Map.of()), MESSAGE_BYTES, false, statuses)
                            .status()
                    < 500;
        } catch (CaravanException e) {
            return false;
        }
    }

    private List<Sent> send(List<Record> batch, Round round) {
        List<Record> alone = new ArrayList<>();
        List<Record> together = new ArrayList<>();
        batch.forEach(record -> (requests.alone(record) ? alone : together).add(record));
        List<Sent> sent = new ArrayList<>(parallel.map(alone, record -> send(record, round)));
        List<List<Record>> slices = new ArrayList<>();
        for (int i = 0; i < together.size(); i += batchSize) {
            slices.add(together.subList(i, Math.min(i + batchSize, together.size())));
        }
        parallel.map(slices, slice -> sendChecked(slice, round)).forEach(sent::addAll);
        return sent;
    }

    private static List<Refusal> refusals(List<Sent> sent) {
        return sent.stream().filter(Sent::refused).map(Sent::refusal).toList();
    }

    /** Sends one record in a request of its own. */
    private Sent send(Record record, Round round) {
        HttpApi.Call call;
        try {
            call = requests.one(url(), record);
        } catch (BadRecordException e) {
            // a key that no address can have was never sent, so there is nothing to delete
            Statuses.Meaning meaning = record.deleted() ? Statuses.Meaning.TAKEN : Statuses.Meaning.REFUSED;
            return new Sent(record, meaning, record.deleted() ? "" : name + ": " + e.getMessage());
        }
        HttpApi.Answer answer = (round.impatient() ? once : api).exchange(call, MESSAGE_BYTES, false, statuses);
        boolean gone = requests.deletes(record) && (answer.status() == 404 || answer.status() == 410);
        Statuses.Meaning meaning = gone ? Statuses.Meaning.TAKEN : meaning(call, answer);
        boolean taken = meaning == Statuses.Meaning.TAKEN;
        return round.heard(new Sent(record, meaning, taken ? "" : refused("record", answer)));
    }

    private List<Sent> sendChecked(List<Record> records, Round round) {
        List<Sent> all = new ArrayList<>();
        List<Record> sound = new ArrayList<>();
        for (Record record : records) {
            try {
                requests.check(record);
                sound.add(record);
            } catch (BadRecordException e) {
                all.add(new Sent(record, Statuses.Meaning.REFUSED, name + ": " + e.getMessage()));
            }
        }
        if (!sound.isEmpty()) all.addAll(sendTogether(sound, round, true));
        return all;
    }

    /** Sends records in one request; when the API fails it by an error of its own, each half in one, until the guilty stand alone. */
    private List<Sent> sendTogether(List<Record> records, Round round, boolean patient) {
        HttpApi.Call call = requests.many(url(), records);
        HttpApi asked = patient && !round.impatient() ? api : once;
        HttpApi.Answer answer = asked.exchange(call, maxResponseBytes, results.perRecord(), statuses);
        if (answer.success()) {
            List<Sent> told = results.told(answer.body(), records, api, statuses);
            told.forEach(round::heard);
            return told;
        }
        switch (meaning(call, answer)) {
            case TAKEN -> {
                return records.stream()
                        .map(r -> round.heard(new Sent(r, Statuses.Meaning.TAKEN, "")))
                        .toList();
            }
            case DOUBTFUL -> {
                if (records.size() > 1) return halves(records, round);
                Sent sent = new Sent(records.get(0), Statuses.Meaning.DOUBTFUL, refused("record", answer));
                return List.of(round.heard(sent));
            }
            default -> throw new BadRecordException(refused("batch", answer));
        }
    }

    private List<Sent> halves(List<Record> records, Round round) {
        round.failed();
        int half = records.size() / 2;
        List<Sent> all = new ArrayList<>(sendTogether(records.subList(0, half), round, false));
        all.addAll(sendTogether(records.subList(half, records.size()), round, false));
        return all;
    }

    /** What the answer means; throws what no other record would change. */
    private Statuses.Meaning meaning(HttpApi.Call call, HttpApi.Answer answer) {
        Statuses.Meaning meaning = statuses.of(answer.status());
        if (meaning != Statuses.Meaning.CONFIGURATION) return meaning;
        if (HttpApi.forbidden(answer.status())) throw api.denied(answer.status());
        if (answer.status() / 100 == 3) {
            throw new ConfigurationException(name + ": " + call + " must answer 2xx, got status '" + answer.status()
                    + "'" + Quote.where(call.uri(), answer.location())
                    + "; redirects are not followed, set 'url' to where it leads");
        }
        throw new ConfigurationException(name + ": " + call + " must take records, got " + said(answer)
                + "; correct 'url' or 'method', or 'statuses' if it is about the record");
    }

    /** The same words for the same cause, whichever record it is. */
    private String refused(String what, HttpApi.Answer answer) {
        return name + ": the API refused the " + what + ": " + said(answer);
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
