package io.caravan.object;

import io.caravan.endpoint.Clients;
import io.caravan.endpoint.PlainHttp;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A store behind a server: calls go by Camel's endpoint where it loses nothing, by the one client that the context has for the
 * server otherwise. The Kamelets say which and why.
 *
 * @param <C> what makes the calls
 */
abstract class Bucket<C extends BucketCalls> implements ObjectStore, CamelContextAware {

    private final InContext<C> calls;
    private final StoreFailure failure;
    private final Duration patience;

    Bucket(StoreFailure failure, ObjectAccess access, Function<CamelContext, C> calls) {
        this.failure = failure;
        this.patience = Duration.ofMillis(access.timeoutMillis());
        this.calls = new InContext<>(context -> {
            access.plainHttp()
                    .ifPresent(server ->
                            PlainHttp.check(context, failure.server().unit(), "endpoint", server, access.signs()));
            C made = calls.apply(context);
            Clients.of(context).watch(made.shared(), made.place(), this::check);
            return made;
        });
    }

    /** How long an object may bring nothing, or hardly anything. */
    final Duration patience() {
        return patience;
    }

    @Override
    public final String place() {
        return failure.place();
    }

    final C calls() {
        return calls.get();
    }

    @Override
    public final void setCamelContext(CamelContext context) {
        calls.set(context);
    }

    @Override
    public final CamelContext getCamelContext() {
        return calls.context();
    }

    /** What the server meant, of anything that its client or endpoint threw. */
    abstract StoreFailure.Answer answer(Exception e);

    final CaravanException failed(String action, Exception e) {
        return e instanceof CaravanException said ? said : failure.of(action, answer(e), e);
    }

    final CaravanException failedToRead(SourceObject object, Exception e) {
        return e instanceof CaravanException said ? said : failure.reading(object, answer(e), e);
    }

    /** Sends the object under that condition; what is refused is thrown as {@link ConditionalWrite.Refused}. */
    abstract String putIf(String name, Condition condition, Content content);

    /** The object's etag and metadata; empty when there is none. What it throws, {@link #answer} knows. */
    abstract Optional<Condition.Head> head(String name);

    /** The whole object; empty when there is none. What it throws, {@link #answer} knows; at most one byte more is read. */
    abstract Optional<StoredObject> get(String name, int mostBytes);

    @Override
    public final Optional<String> create(String name, Content content) {
        return write(name, null, content);
    }

    @Override
    public final Optional<String> replace(String name, String etag, Content content) {
        return write(name, Objects.requireNonNull(etag), content);
    }

    private Optional<String> write(String name, String etag, Content content) {
        ObjectNames.mustBePlain(name);
        return new ConditionalWrite(etag, () -> asked("read " + name + " of", () -> head(name)))
                .done(condition -> putIf(name, condition, content));
    }

    @Override
    public final Optional<StoredObject> read(String name, int mostBytes) {
        ObjectNames.mustBePlain(name);
        Optional<StoredObject> whole = asked("read " + name + " of", () -> get(name, mostBytes));
        whole.ifPresent(object -> mustFit(name, object.bytes().length, mostBytes));
        return whole;
    }

    private <T> T asked(String action, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw failed(action, e);
        }
    }

    /** What a conditional write throws. */
    final CaravanException refused(Exception e) {
        if (e instanceof CaravanException said) return said;
        StoreFailure.Answer answer = answer(e);
        // S3 says so of an object that is to be replaced and is gone
        int status = answer.why().endsWith("NoSuchKey") ? 412 : answer.status();
        return new ConditionalWrite.Refused(status, failed("write to", e));
    }

    static void mustFit(String name, long size, int mostBytes) {
        if (size <= mostBytes) return;
        throw new IncompleteSourceException(SettingChecks.sentence(
                "objects", "the object " + ObjectNames.shown(name), "have at most " + mostBytes + " bytes", "more"));
    }

    /** The context closes the client. */
    @Override
    public final void close() {
        calls.forget();
    }
}
