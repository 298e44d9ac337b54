package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.http.ApiServer;
import io.caravan.object.TestPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stores of objects that are set up wrongly, for the source and the sink. */
final class ObjectPlaces {

    private static final String AT = "http://";

    private final String unit;
    private final String setting;
    private final Map<String, String> more;

    /** {@code setting}: the parameter that names the place; {@code more}: what the Kamelet needs besides. */
    ObjectPlaces(String unit, String setting, Map<String, String> more) {
        this.unit = unit;
        this.setting = setting;
        this.more = with(more, "timeoutMillis", "1500");
    }

    List<Wrong> wrong() {
        List<Wrong> all = new ArrayList<>();
        folders().forEach(w -> all.add(w.of("file")));
        s3().forEach(w -> all.add(w.of("s3")));
        gcs().forEach(w -> all.add(w.of("gcs")));
        azure().forEach(w -> all.add(w.of("azure")));
        return all;
    }

    /** A source needs its folder; a sink makes it, where it can. */
    private List<Wrong> folders() {
        if (setting.equals("output")) {
            return List.of(new Wrong("a file where the folder would be", () -> {
                Path file = Files.createTempFile(Files.createDirectories(Path.of("target/places")), "file", "")
                        .toAbsolutePath();
                Path none = file.resolve("out");
                return new Wrong.Seen(
                        with(more, setting, none.toString()),
                        unit + ": " + setting + " must be a folder that is there or can be made, got '" + none + "' ("
                                + file + " is no folder); create it, grant write access or correct '" + setting + "'");
            }));
        }
        return List.of(new Wrong("no such folder", () -> {
            Path none = Path.of("target/places/none").toAbsolutePath();
            return new Wrong.Seen(
                    with(more, setting, none.toString()),
                    unit + ": " + setting + " must be a folder or file that can be read, got '" + none
                            + "'; create it or correct '" + setting + "'");
        }));
    }

    private List<Wrong> s3() {
        Map<String, String> keys = with(more, "accessKey", "caravan-key", "secretKey", Wrong.SECRET);
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                unit,
                "endpoint",
                "S3",
                at -> AT + at,
                at -> with(keys, setting, "s3://bucket", "endpoint", AT + at),
                Map.of()));
        for (String peer : List.of("s3proxy", "moto")) {
            all.add(missing("no such bucket (" + peer + ")", "s3://checks-none", () -> TestPlace.s3(peer)));
        }
        all.add(new Wrong("wrong secret key", () -> {
            TestPlace place = TestPlace.s3("s3proxy");
            return new Wrong.Seen(
                    at(place, "secretKey", Wrong.SECRET),
                    denied("list " + place.uri(), place, "an access key", "403 SignatureDoesNotMatch")
                            + "correct 'accessKey' and 'secretKey'");
        }));
        all.add(new Wrong("wrong access key", () -> {
            TestPlace place = TestPlace.s3("s3proxy");
            return new Wrong.Seen(
                    at(place, "accessKey", "somebody"),
                    denied("list " + place.uri(), place, "an access key", "403 *")
                            + "correct 'accessKey' and 'secretKey'");
        }));
        return all;
    }

    private List<Wrong> gcs() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                unit,
                "endpoint",
                "Google Cloud Storage",
                at -> AT + at,
                at -> with(more, setting, "gs://bucket", "endpoint", AT + at),
                Map.of()));
        all.add(missing("no such bucket", "gs://checks-none", TestPlace::gcs));
        all.add(new Wrong("no right", () -> {
            String at = new ApiServer(exchange -> ApiServer.answer(
                            exchange,
                            403,
                            "{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"reason\":\"forbidden\"}]}}"))
                    .url("");
            return new Wrong.Seen(
                    with(more, setting, "gs://bucket", "endpoint", at),
                    unit + ": cannot list gs://bucket: access denied for Google's default credentials at " + at
                            + " (403 forbidden);"
                            + " grant it the rights it needs, or correct 'credentialsFile'");
        }));
        all.add(new Wrong("no file of a service account", () -> {
            Path file =
                    Files.writeString(Files.createTempFile("checks", ".json"), "{\"key\":\"" + Wrong.SECRET + "\"}");
            file.toFile().deleteOnExit();
            return new Wrong.Seen(
                    with(more, setting, "gs://bucket", "credentialsFile", file.toString()),
                    called()
                            + ": credentialsFile must be the JSON file of a service account, or empty where Google's default"
                            + " credentials exist, got '" + file + "'; correct 'credentialsFile'");
        }));
        return all;
    }

    private List<Wrong> azure() {
        String key = "c2VjcmV0LXNlY3JldA==";
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                unit,
                "endpoint",
                "Azure Blob Storage",
                at -> AT + at + "/account",
                at -> with(
                        more,
                        setting,
                        "azure://container",
                        "endpoint",
                        AT + at + "/account",
                        "account",
                        "account",
                        "accountKey",
                        key),
                Map.of()));
        all.add(missing("no such container", "azure://checks-none", TestPlace::azure));
        all.add(new Wrong("wrong account key", () -> {
            TestPlace place = TestPlace.azure();
            return new Wrong.Seen(
                    at(place, "accountKey", key),
                    denied("list " + place.uri(), place, "account 'devstoreaccount1'", "403 AuthorizationFailure")
                            + "correct 'account' and 'accountKey'");
        }));
        all.add(
                new Wrong(
                        "a connection string that is none",
                        () -> new Wrong.Seen(
                                with(
                                        more,
                                        setting,
                                        "azure://container",
                                        "connectionString",
                                        "AccountKey=" + Wrong.SECRET),
                                called()
                                        + ": connectionString, or account and accountKey, must be as Azure's portal shows them;*")));
        return all;
    }

    /** What is wrong with credentials before anything is asked: there it is called so. */
    private String called() {
        return unit.equals("store") ? "store: objects" : "objects";
    }

    private Wrong missing(String situation, String uri, TestPlace.Lazily made) {
        return new Wrong(situation, () -> {
            TestPlace place = made.get();
            return new Wrong.Seen(
                    with(at(place), setting, uri),
                    unit + ": " + setting + " must exist at " + place.settings().get("endpoint") + ", got '" + uri
                            + "' (404*); create it or correct '" + setting + "'");
        });
    }

    private String denied(String action, TestPlace place, String who, String why) {
        return unit + ": cannot " + action + ": access denied for " + who + " at "
                + place.settings().get("endpoint") + " (" + why + "); grant it the rights it needs, or ";
    }

    private Map<String, String> at(TestPlace place, String... namesAndValues) {
        Map<String, String> all = with(more, setting, place.uri());
        all.putAll(place.settings());
        return with(all, namesAndValues);
    }
}
