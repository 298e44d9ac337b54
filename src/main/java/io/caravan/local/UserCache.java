package io.caravan.local;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where what was fetched is kept for all projects of a user: what is lost there is fetched again. */
final class UserCache {

    private UserCache() {}

    /** {@code CARAVAN_CACHE}; else {@code caravan} below {@code XDG_CACHE_HOME}, {@code LOCALAPPDATA} or {@code ~/.cache}. */
    static Path folder(UnaryOperator<String> environment) {
        Optional<Path> named = said(environment, "CARAVAN_CACHE").map(Path::of);
        Stream<Optional<String>> systems =
                Stream.of(said(environment, "XDG_CACHE_HOME"), said(environment, "LOCALAPPDATA"));
        return named.orElseGet(() -> systems.flatMap(Optional::stream)
                        .map(Path::of)
                        .findFirst()
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("caravan"))
                .toAbsolutePath();
    }

    private static Optional<String> said(UnaryOperator<String> environment, String name) {
        return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
    }
}
