package io.caravan.version;

import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records of different keys that are one point, as two texts of one instant are. */
final class Contested {

    private final Points points;
    private final List<Refusal> refused = new ArrayList<>();
    private long replaced;
    private String replacedKey = "";
    private String replacingKey = "";

    Contested(Points points) {
        this.points = points;
    }

    /** Of two that came at once the one whose key sorts first stays: every run chooses the same. */
    void refuse(String staying, Record other) {
        String time = other.get(points.timeField()).map(Object::toString).orElse("");
        refused.add(new Refusal(
                other,
                SettingChecks.sentence(
                                "record",
                                "field '" + points.timeField() + "'",
                                "be met once for a series, in whatever text; key '" + staying + "' is the same point",
                                time)
                        + "; correct one of both at the source"));
    }

    /** A later run brought the same point by another key, and the newest text stays. */
    void replace(String before, String after) {
        if (replaced++ == 0) {
            replacedKey = before;
            replacingKey = after;
        }
    }

    /** What an attempt found counts only when it is the last one. */
    void begin() {
        refused.clear();
        replaced = 0;
    }

    List<Refusal> refused() {
        return List.copyOf(refused);
    }

    Optional<String> note() {
        if (replaced == 0) return Optional.empty();
        return Optional.of(replaced + (replaced == 1 ? " point has" : " points have")
                + " another key for the same series and instant now, as '" + replacingKey + "' for '" + replacedKey
                + "'");
    }
}
