package io.caravan.kubernetes;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cluster that manifests are for, as the settings {@code caravan.kubernetes.*} say it, and what the pods are told.
 *
 * @param platform whose workload identity the pods have: none, aws, azure or gcp
 * @param identity who they are there: a role's ARN, a client id, a service account; blank for nobody
 * @param networks where the stores are, as CIDR
 * @param memory of a pod, asked for and allowed
 * @param deadline after how many seconds a Job is ended
 * @param git where Camel K finds the project's source; blank for nowhere
 * @param variables of the environment, by name
 * @param secrets by the name of a Secret which of its entries are read
 */
public record Target(
        String image,
        String platform,
        String identity,
        List<String> networks,
        String memory,
        int deadline,
        String git,
        Map<String, String> variables,
        Map<String, TreeSet<String>> secrets) {

    private static final String UNIT = "kubernetes";
    private static final String PREFIX = "caravan.kubernetes.";
    private static final Pattern SECRET = Pattern.compile("\\{\\{secret:([^/{}:]+)/([^{}:]+)(?::[^{}]*)?}}");
    private static final Pattern CIDR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}");

    /**
     * Throws a {@link ConfigurationException} with all that is wrong.
     *
     * @param setting its value by its name
     * @param told the settings that the project's files say, as they are there
     * @param secret whether a setting's value is one that nobody may see
     */
    public static Target of(
            Function<String, String> setting, Map<String, String> told, Function<String, Boolean> secret) {
        String platform = setting.apply(PREFIX + "platform").strip();
        String networks = setting.apply(PREFIX + "networks");
        String memory = setting.apply(PREFIX + "memory").strip();
        String deadline = setting.apply(PREFIX + "deadlineSeconds").strip();
        String image = setting.apply(PREFIX + "image").strip();
        List<String> places = List.of(networks.strip().split("\\s*,\\s*"));
        SettingChecks checks = new SettingChecks(UNIT)
                .must(image.matches("\\S{1,500}"), PREFIX + "image", "name an image, such as caravan:latest", image)
                .must(
                        List.of("none", "aws", "azure", "gcp").contains(platform),
                        PREFIX + "platform",
                        "be none, aws, azure or gcp",
                        platform)
                .must(
                        places.stream().allMatch(place -> CIDR.matcher(place).matches()),
                        PREFIX + "networks",
                        "be networks like 10.0.0.0/8, comma separated",
                        networks)
                .must(memory.matches("[1-9][0-9]*(Mi|Gi)"), PREFIX + "memory", "be like 1Gi", memory)
                .must(deadline.matches("[1-9][0-9]{0,6}"), PREFIX + "deadlineSeconds", "be 1 to 9999999", deadline);
        Map<String, String> variables = new TreeMap<>();
        Map<String, TreeSet<String>> secrets = new TreeMap<>();
        told.forEach((name, value) -> {
            if (name.startsWith(PREFIX) || name.startsWith("caravan.schedule.")) return;
            checks.must(
                    !secret.apply(name) || SECRET.matcher(value).matches(),
                    name,
                    "name an entry of a Secret, as {{secret:caravan/<key>}}, as a ConfigMap is no place for it",
                    "a value");
            variables.put(variable(name), value);
            Matcher named = SECRET.matcher(value);
            while (named.find())
                secrets.computeIfAbsent(named.group(1), n -> new TreeSet<>()).add(named.group(2));
        });
        checks.check();
        return new Target(
                image,
                platform,
                setting.apply(PREFIX + "identity").strip(),
                places,
                memory,
                Integer.parseInt(deadline),
                setting.apply(PREFIX + "git").strip(),
                variables,
                secrets);
    }

    /** As the environment has a setting. */
    static String variable(String setting) {
        return setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Whether vectors are kept by a server, which several pods can ask. */
    boolean sharesVectors() {
        return "milvus".equals(variables.get("CARAVAN_VECTORS_KIND"));
    }

    /** What the ServiceAccount says of who it is. */
    Map<String, Object> annotations() {
        if (identity.isEmpty()) return Map.of();
        return switch (platform) {
            case "aws" -> Map.of("eks.amazonaws.com/role-arn", identity);
            case "azure" -> Map.of("azure.workload.identity/client-id", identity);
            case "gcp" -> Map.of("iam.gke.io/gcp-service-account", identity);
            default -> Map.of();
        };
    }

    /** Azure gives its token to pods that ask for it by a label. */
    Map<String, Object> labels() {
        return platform.equals("azure") ? Map.of("azure.workload.identity/use", "true") : Map.of();
    }

    /** The ports at which stores answer, by what the stores are for. */
    Map<String, List<Integer>> ports() {
        Map<String, List<Integer>> ports = new TreeMap<>();
        Map.of(
                        "ledger", 5432,
                        "warehouse", 5432,
                        "documents", 27017,
                        "graph", 7687,
                        "vectors", 19530)
                .forEach((store, usual) -> {
                    String uri = variables.getOrDefault("CARAVAN_" + store.toUpperCase(Locale.ROOT) + "_URI", "");
                    if (!uri.isEmpty()) ports.put(store, portsOf(uri, usual));
                });
        return ports;
    }

    private static List<Integer> portsOf(String uri, int usual) {
        List<Integer> ports = new ArrayList<>();
        Matcher port = Pattern.compile("://[^/?]*?:([0-9]{1,5})(?=[,/?]|$)").matcher(uri);
        while (port.find()) ports.add(Integer.parseInt(port.group(1)));
        return ports.isEmpty() ? List.of(usual) : ports;
    }
}
