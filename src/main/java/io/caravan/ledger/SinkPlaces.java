package io.caravan.ledger;

import io.caravan.local.Endpoints;
import io.caravan.record.SamePlace;
import io.caravan.record.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The places where sinks keep records, each one pipeline's alone from its first run on until the sink is elsewhere or removed. */
public final class SinkPlaces {

    /**
     * A place that is another's.
     *
     * @param sink ours, that is to write there
     * @param pipeline whose it is
     */
    public record Taken(String sink, String place, String pipeline, String itsSink) {}

    private SinkPlaces() {}

    /** Takes these places, by sink, and leaves all others; those that are another pipeline's stay that one's. */
    public static void claim(Connection c, short flow, Map<String, List<String>> places) throws SQLException {
        String[] all = places.values().stream()
                .flatMap(List::stream)
                .map(SinkPlaces::hash)
                .toArray(String[]::new);
        Sql.update(c, "delete from ledger.sink_place where flow = ? and place <> all (?)", flow, all);
        for (Map.Entry<String, List<String>> sink : places.entrySet()) {
            for (String place : sink.getValue()) {
                Sql.update(
                        c,
                        "insert into ledger.sink_place as p (place, flow, sink) values (?, ?, ?) on conflict (place)"
                                + " do update set sink = excluded.sink where p.flow = excluded.flow",
                        hash(place),
                        flow,
                        sink.getKey());
            }
        }
    }

    /** Those of the places, by sink, that are another pipeline's. */
    public static List<Taken> taken(Connection c, short flow, Map<String, List<String>> places) throws SQLException {
        List<Taken> taken = new ArrayList<>();
        for (Map.Entry<String, List<String>> sink : places.entrySet()) {
            for (String place : sink.getValue()) {
                Sql.each(
                        c,
                        r -> taken.add(new Taken(sink.getKey(), place, r.getString(1), r.getString(2))),
                        "select f.name, p.sink from ledger.sink_place p join ledger.flow f on f.id = p.flow"
                                + " where p.place = ? and p.flow <> ?",
                        hash(place),
                        flow);
            }
        }
        return taken;
    }

    private static String hash(String place) {
        return Sha256.hex(named(place), 16);
    }

    /** A store of this machine is {@code laptop}, whether a setting says so or names its address. */
    private static String named(String place) {
        String same = SamePlace.of(place);
        for (String uri : Endpoints.ofLaptop()) {
            same = same.replaceAll("(?<=\\buri )" + Pattern.quote(SamePlace.of(uri)) + "/?(?=, |$)", Endpoints.LAPTOP);
        }
        return same;
    }
}
