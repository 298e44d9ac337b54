package io.caravan.validate;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.SamePlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the sinks of all pipelines are to be alone; a place that only a start knows is in nobody's way. */
final class SinkPlaces {

    /** Who is at a place. */
    private record Holder(String pipeline, SourceFile file, int line) {}

    private final Problems problems;
    private final Map<String, Holder> holders = new TreeMap<>();

    SinkPlaces(Problems problems) {
        this.problems = problems;
    }

    /** A sink of a pipeline; one that stands where another pipeline's does is a problem. */
    void add(String pipeline, SourceFile file, KameletUse use) {
        for (String place : places(use)) {
            Holder here = new Holder(pipeline, file, use.call().line());
            Holder other = holders.putIfAbsent(place, here);
            if (other == null || other.pipeline().equals(pipeline) || !file.checked()) continue;
            String whose = other.pipeline() + "' in " + other.file().name() + ":" + other.line();
            problems.add(
                    file,
                    here.line(),
                    SettingChecks.sentence(
                                            pipeline,
                                            "sink '" + use.sink() + "'",
                                            "write where no other pipeline does",
                                            whose)
                                    .replaceFirst("'$", "")
                            + "; give one of them another place, or make one pipeline of both");
            return;
        }
    }

    private static List<String> places(KameletUse use) {
        List<String> places = new ArrayList<>();
        for (Property list : use.kamelet().properties().values()) {
            String names = use.values().getOrDefault(list.name(), "");
            if (list.each().isEmpty()) continue;
            for (String name : SettingList.of(names)) {
                Map<String, String> one = new TreeMap<>(use.values());
                one.put(list.name(), "");
                one.put(list.each(), name);
                places.addAll(places(use, one));
            }
        }
        return places.isEmpty() ? places(use, use.values()) : places;
    }

    private static List<String> places(KameletUse use, Map<String, String> values) {
        List<String> named = new ArrayList<>();
        StringBuilder place = new StringBuilder(use.kamelet().name());
        for (Property property : use.kamelet().properties().values()) {
            boolean known = values.containsKey(property.name());
            boolean given = known || use.written().contains(property.name());
            String value = values.getOrDefault(property.name(), "");
            if (property.alone()) {
                if (!known) return List.of();
                named.addAll(property.alone(value));
            }
            if (!property.place() || !given) continue;
            if (!known) return List.of();
            place.append('\n').append(property.name()).append('=').append(value);
        }
        return named.stream().map(one -> SamePlace.of(place + "\n" + one)).toList();
    }
}
