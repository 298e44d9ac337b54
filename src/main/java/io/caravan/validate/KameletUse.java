package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A call of a Kamelet that is there, with what it is given: the parameters in the route, else what settings say of this call or of
 * all calls, else its defaults.
 *
 * @param call how the route calls it
 * @param values by parameter; one whose value is known at a start only is not in it
 * @param written the parameters that the route or a setting gives
 */
record KameletUse(KameletFile kamelet, Call call, Map<String, String> values, List<String> written) {

    /** What Camel's endpoint reads itself. */
    private static final List<String> OF_THE_ENDPOINT = List.of(
            "location",
            "noErrorHandler",
            "bridgeErrorHandler",
            "block",
            "timeout",
            "failIfNoConsumers",
            "lazyStartProducer",
            "exceptionHandler",
            "exchangePattern",
            "routeId");

    /** Those whose {@code uri} is a whole URI of Camel. */
    private static final List<String> WITH_ENDPOINT = List.of("endpoint-sink", "endpoint-source", "notify-sink");

    /**
     * The use that a call makes; empty when it calls no Kamelet, or one that cannot be known here. {@code problem} is told the line and
     * the sentence of all that is wrong with it, but for settings that there are not.
     */
    static Optional<KameletUse> of(
            Call call, Map<String, KameletFile> kamelets, Values settings, BiConsumer<Integer, String> problem) {
        Optional<String> path = settings.resolved(call.uri(), missing -> {});
        if (path.isEmpty() || !path.get().startsWith("kamelet:")) return Optional.empty();
        String[] parts = path.get().substring("kamelet:".length()).split("/", 2);
        KameletFile kamelet = kamelets.get(parts[0]);
        if (kamelet == null) {
            if (!call.parameters().containsKey("location")) {
                problem.accept(
                        call.line(),
                        SettingChecks.sentence(
                                        "kamelet",
                                        "name",
                                        "be one of " + String.join(", ", new TreeMap<>(kamelets).keySet()),
                                        parts[0])
                                + Nearest.hint(parts[0], kamelets.keySet()));
            }
            return Optional.empty();
        }
        KameletUse use = new KameletUse(kamelet, call, new LinkedHashMap<>(), new ArrayList<>());
        kamelet.properties().values().forEach(p -> p.standard().ifPresent(s -> use.values.put(p.name(), s)));
        String all = "camel.kamelet." + kamelet.name() + ".";
        use.settings(all, settings);
        if (parts.length > 1) use.settings(all + parts[1] + ".", settings);
        use.parameters(settings, problem);
        use.required(problem);
        return Optional.of(use);
    }

    private void settings(String prefix, Values settings) {
        for (String setting : settings.names()) {
            if (!setting.startsWith(prefix)) continue;
            kamelet.property(setting.substring(prefix.length()))
                    .ifPresent(p -> put(p, settings.of(setting).flatMap(v -> settings.resolved(v, missing -> {}))));
        }
    }

    private void put(Property property, Optional<String> value) {
        written.add(property.name());
        values.remove(property.name());
        value.ifPresent(v -> values.put(property.name(), v));
    }

    private void parameters(Values settings, BiConsumer<Integer, String> problem) {
        call.parameters().forEach((name, said) -> {
            int line = call.lineOf(name);
            Optional<Property> known = kamelet.property(name);
            if (known.isEmpty()) {
                if (!OF_THE_ENDPOINT.contains(name)) problem.accept(line, unknown(name));
                return;
            }
            if (!said.isScalar()) {
                problem.accept(line, SettingChecks.sentence(kamelet.name(), name, "be one value", said.shown()));
                written.add(known.get().name());
                return;
            }
            Optional<String> value = settings.resolved(said.text(), missing -> {});
            put(known.get(), value);
            value.flatMap(known.get()::broken)
                    .ifPresent(rule ->
                            problem.accept(line, known.get().sentence(kamelet.name(), rule, value.orElseThrow())));
            if (name.equals("uri") && WITH_ENDPOINT.contains(kamelet.name())) whole(said.text(), line, problem);
        });
    }

    /** What Camel cuts is refused at start too. */
    private void whole(String uri, int line, BiConsumer<Integer, String> problem) {
        if (!uri.contains("&") || uri.startsWith("RAW")) return;
        String shown = uri.replaceFirst("(?s)[?@].*", "...");
        String rule = "stand within RAW{ } when an & is in it, as Camel takes the rest for parameters of the Kamelet";
        problem.accept(
                line,
                SettingChecks.sentence(kamelet.name(), "uri", rule, shown)
                        + "; write it as RAW{kafka:orders?brokers=...&groupId=...}");
    }

    private String unknown(String name) {
        List<String> known = kamelet.properties().keySet().stream().sorted().toList();
        return SettingChecks.sentence(kamelet.name(), "parameter", "be one of " + String.join(", ", known), name)
                + Nearest.hint(name, known);
    }

    private void required(BiConsumer<Integer, String> problem) {
        kamelet.properties().values().stream()
                .filter(p -> p.required() && p.standard().isEmpty() && !written.contains(p.name()))
                .forEach(p -> problem.accept(
                        call.line(),
                        SettingChecks.sentence(kamelet.name(), p.name(), "be given", "")
                                + "; write it below 'parameters'"));
    }

    /** The fields that it makes, by the parameter that names them. */
    Map<String, String> adds() {
        Map<String, String> added = new LinkedHashMap<>();
        for (Property property : kamelet.properties().values()) {
            String field = values.get(property.name());
            if (property.fields().equals("adds") && field != null) added.put(property.name(), field);
        }
        return added;
    }

    /** That a field it makes was one of the pipeline's records already. */
    String replaces(String property, String field, String pipeline) {
        String rule = "name a field that the records of " + pipeline + " do not have yet";
        return SettingChecks.sentence(kamelet.name(), property, rule, field)
                + "; its value is replaced. If it is needed, name another field in '" + property + "'";
    }

    /** How the run and the ledger call this sink. */
    String sink() {
        if (written.contains("sink")) return values.getOrDefault("sink", "?");
        boolean named = !call.id().isBlank() && values.containsKey("sink");
        return named ? call.id() : values.getOrDefault("sink", kamelet.name());
    }
}
