package io.caravan.local;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of this machine, kept below one folder; each is started and stopped by one process at a time.
 * <ul>
 *   <li>in: names of stores; none means all
 *   <li>errors: {@link ConfigurationException} for an unknown name; {@link UnavailableException} that tells of every store that
 *       failed why, and where its log is, when all others are done
 * </ul>
 */
public final class LaptopStores {

    private static final Logger LOG = LoggerFactory.getLogger(LaptopStores.class);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path dataDir;
    private final Map<String, LocalStore> stores;

    /** One line of {@code stores status}; {@code endpoint} is empty when the store does not run. */
    public record Status(String store, String description, Optional<Endpoint> endpoint) {}

    public LaptopStores(Path dataDir, List<LocalStore> stores) {
        this.dataDir = dataDir.toAbsolutePath();
        this.stores = stores.stream()
                .collect(Collectors.toMap(LocalStore::name, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    }

    /** All stores there are; {@code news} is told what takes long, such as fetching a server. */
    public static LaptopStores all(Path dataDir, Consumer<String> news) {
        return new LaptopStores(
                dataDir,
                List.of(
                        new PostgresProcess(dataDir, news),
                        new MongoProcess(dataDir),
                        new Neo4jProcess(dataDir, news)));
    }

    /** Adopts or starts the stores side by side and tells where each answers, in their order. */
    public Map<String, Endpoint> start(Collection<String> names) {
        return sideBySide(names, store -> {
            long begun = System.nanoTime();
            Endpoint endpoint = store.start();
            LOG.info("{} answers at {} after {} ms", store.name(), endpoint, (System.nanoTime() - begun) / 1_000_000);
            return endpoint;
        });
    }

    /**
     * Lets each of those that run take a write, and starts those again that take none, as one does not whose disk was full. Who
     * takes none then either must be emptied, which the error says how.
     */
    public void heal(Collection<String> names) {
        sideBySide(names, store -> {
            store.running().ifPresent(endpoint -> heal(store, endpoint));
            return store.name();
        });
    }

    private static void heal(LocalStore store, Endpoint endpoint) {
        try {
            store.tryWrite(endpoint);
        } catch (Exception e) {
            LOG.info("{} takes no write and is started again: {}", store.name(), Words.of(e));
            store.stop();
            try {
                store.tryWrite(store.start());
            } catch (Exception again) {
                throw new UnavailableException(
                        store.name() + ": must take a write, got "
                                + Words.of(again).replaceFirst("\\.$", "")
                                + ", also when it was started again"
                                + "; make room on its disk"
                                + (store.refilled()
                                        ? ", or start it empty, and the next runs fill it: "
                                                + Launcher.command("stores reset " + store.name())
                                        : " and look at its log"),
                        again);
            }
        }
    }

    /** Ends the stores, deletes what they hold and starts them; only those that the next runs fill again. */
    public void reset(Collection<String> names) {
        List<LocalStore> chosen = names.isEmpty() ? List.of() : chosen(names);
        if (chosen.isEmpty() || !chosen.stream().allMatch(LocalStore::refilled)) {
            List<String> refilled = stores.values().stream()
                    .filter(LocalStore::refilled)
                    .map(LocalStore::name)
                    .toList();
            throw new ConfigurationException("stores: reset must name stores of " + String.join(", ", refilled)
                    + ", got '" + String.join(", ", names) + "'; in another is the ledger, which nothing fills again");
        }
        sideBySide(names, store -> {
            store.stop();
            empty(dataDir.resolve(store.name()));
            return store.start();
        });
    }

    /** But the lock, which we hold. */
    private static void empty(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder) && !path.equals(folder.resolve(FolderLock.FILE))) Files.delete(path);
            }
        } catch (IOException e) {
            throw new UnavailableException(folder + " cannot be emptied: " + Words.of(e), e);
        }
    }

    /** Ends the stores side by side; returns when no process is left. */
    public void stop(Collection<String> names) {
        sideBySide(names, store -> {
            store.stop();
            return store.name();
        });
    }

    public List<Status> status() {
        return stores.values().stream()
                .map(store -> new Status(store.name(), store.description(), store.running()))
                .toList();
    }

    private <T> Map<String, T> sideBySide(Collection<String> names, Function<LocalStore, T> work) {
        Map<String, CompletableFuture<T>> working = new LinkedHashMap<>();
        List<LocalStore> chosen = chosen(names);
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, chosen.size()));
        try {
            for (LocalStore store : chosen) {
                Path folder = dataDir.resolve(store.name());
                working.put(
                        store.name(),
                        CompletableFuture.supplyAsync(
                                () -> FolderLock.holding(folder, PATIENCE, () -> work.apply(store)), threads));
            }
            return results(working);
        } finally {
            threads.shutdown();
        }
    }

    private static <T> Map<String, T> results(Map<String, CompletableFuture<T>> working) {
        Map<String, T> results = new LinkedHashMap<>();
        List<Throwable> failures = new ArrayList<>();
        working.forEach((name, future) -> {
            try {
                results.put(name, future.join());
            } catch (CompletionException e) {
                failures.add(e.getCause());
            }
        });
        if (failures.isEmpty()) return results;
        List<String> problems = failures.stream().map(Throwable::getMessage).toList();
        if (failures.stream().allMatch(ConfigurationException.class::isInstance)) {
            throw new ConfigurationException(problems);
        }
        throw new UnavailableException(String.join(System.lineSeparator(), problems), failures.get(0));
    }

    private List<LocalStore> chosen(Collection<String> names) {
        LinkedHashSet<String> wanted = new LinkedHashSet<>(names.isEmpty() ? stores.keySet() : names);
        List<String> unknown =
                wanted.stream().filter(name -> !stores.containsKey(name)).toList();
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("stores: name must be one of " + String.join(", ", stores.keySet())
                    + ", got '" + String.join(", ", unknown) + "'");
        }
        return wanted.stream().map(stores::get).toList();
    }
}
