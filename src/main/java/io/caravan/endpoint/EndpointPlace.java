package io.caravan.endpoint;

import io.caravan.error.ServerErrors;
import java.util.List;

/**
 * What sentences about an endpoint name.
 *
 * @param unit what they begin with
 * @param setting the parameter that says where its server is
 * @param kind what should answer there, {@code a Kafka}
 * @param address where it is, without secrets
 * @param owner the parameter that names what is there, such as a topic
 * @param name of what is there
 * @param who asks, never the secret; blank when nobody says
 * @param credentials the parameters that say who asks
 */
public record EndpointPlace(
        String unit,
        String setting,
        String kind,
        String address,
        String owner,
        String name,
        String who,
        List<String> credentials) {

    /** Of a URI that says all by itself. */
    public static EndpointPlace of(String unit, String setting, EndpointUri uri) {
        return new EndpointPlace(unit, setting, "a server", uri.shown(), setting, uri.shown(), "", List.of(setting));
    }

    ServerErrors server() {
        return new ServerErrors(unit, setting, kind, address);
    }
}
