package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.observation.Normalisation;
import io.caravan.observation.Parsers;
import io.caravan.validate.YamlNode;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What keys of a dataset file must be together. */
final class DatasetRules {

    /** Told what is wrong. */
    interface Wrong {

        void sentence(int line, String sentence);

        default void say(int line, String field, String rule, Object got) {
            sentence(line, SettingChecks.sentence("dataset", field, rule, got));
        }
    }

    private static final Pattern PATH = Pattern.compile("^[^:]*: ([^ ]+) must ");

    private static final Map<String, String> SCHEMES = Map.of(
            "http",
            "https?://",
            "file",
            "(?!s3://|gs://|azure://|https?://)",
            "s3",
            "s3://",
            "gcs",
            "gs://",
            "azure",
            "azure://");

    private final Dataset dataset;
    private final YamlNode root;
    private final Wrong wrong;
    private final List<String> warnings;

    DatasetRules(Dataset dataset, YamlNode root, Wrong wrong, List<String> warnings) {
        this.dataset = dataset;
        this.root = root;
        this.wrong = wrong;
        this.warnings = warnings;
    }

    void check() {
        source();
        load();
        state();
        if (dataset.has("lock")) {
            need("lock.kind", "be there");
            if (dataset.text("lock.kind").equals("dynamodb")) need("lock.table_name", "be there with kind dynamodb");
        }
        parser();
        for (String key : dataset.value("normalize.primary_keys").stream()
                .flatMap(keys -> ((List<?>) keys).stream())
                .map(Object::toString)
                .toList()) {
            if (!List.of("obs_time", "internal_series_code").contains(key)) {
                say("normalize.primary_keys", "be obs_time and internal_series_code", key);
            }
        }
    }

    private void source() {
        if (!dataset.has("source")) {
            wrong.say(root.line(), "source", "be there", "nothing");
            return;
        }
        String kind = dataset.text("source.kind");
        if (kind.equals("indec_ipc_http")) {
            need("source.url_template", "be there with kind indec_ipc_http");
            String template = dataset.text("source.url_template");
            boolean web = template.matches("https?://.*") || template.contains("{{");
            if (!template.isBlank() && !web) say("source.url_template", "be an http or https URL", template);
        } else if (need("source.url", "be there with kind " + kind)) {
            String url = dataset.text("source.url");
            if (!url.contains("{{") && !url.matches("(?i)" + SCHEMES.getOrDefault(kind, "") + ".*")) {
                say("source.url", kind.equals("file") ? "be a path with kind file" : "begin with " + kind(kind), url);
            }
        }
        if (dataset.text("source.verify_ssl").toLowerCase(Locale.ROOT).equals("false")) {
            warnings.add("source.verify_ssl is false: whoever stands between us and the server can change the data");
        }
    }

    private static String kind(String kind) {
        return switch (kind) {
            case "http" -> "http:// or https:// with kind http";
            case "gcs" -> "gs://<bucket>/ with kind gcs";
            default -> kind + "://<bucket>/ with kind " + kind;
        };
    }

    private void load() {
        if (!dataset.has("load")) return;
        if (dataset.has("load.bucket") && dataset.has("load.output")) {
            say("load.bucket", "stand alone, without load.output", "both");
        }
        if (dataset.text("load.compression").equals("snappy")
                && !dataset.text("load.format").equals("parquet")) {
            warnings.add("load.compression snappy is none for " + dataset.text("load.format") + ": files are plain "
                    + dataset.text("load.format"));
        }
        if (dataset.loads() && !dataset.parses()) {
            warnings.add("parse.plugin is missing: bytes are kept, and no observation is found that could be loaded");
        }
    }

    private void state() {
        if (!dataset.has("state")) return;
        if (dataset.text("state.kind").equals("s3")) {
            need("state.bucket", "be there with kind s3");
            need("state.key", "be there with kind s3");
        }
        if (dataset.has("state.path") && dataset.has("state.state_file")) {
            say("state.path", "stand alone, without state.state_file", "both");
        }
    }

    /** The parser says what is wrong with its own settings, where all of them are known. */
    private void parser() {
        String plugin = dataset.text("parse.plugin");
        if (!Parsers.NAMES.contains(plugin)) return;
        Map<String, Object> told = DatasetSources.configuration(dataset);
        if (told.toString().contains("{{")) return;
        try {
            Parsers.named(plugin, told, new Normalisation(ZoneOffset.UTC));
        } catch (ConfigurationException e) {
            for (String sentence : e.getMessage().lines().toList()) {
                wrong.sentence(line(PATH.matcher(sentence)), sentence);
            }
        }
    }

    /** Where a sentence has its setting: {@code parse_config: series_map[3].sheet must ...}. */
    private int line(Matcher said) {
        int line = line("parse_config");
        if (!said.find()) return line;
        YamlNode at = root.at("parse_config").orElse(root);
        for (String part : said.group(1).split("\\.|(?=\\[)")) {
            if (part.startsWith("[")) {
                int index = Integer.parseInt(part.substring(1, part.length() - 1));
                if (index >= at.items().size()) return line;
                at = at.items().get(index);
                line = at.line();
            } else {
                if (!at.names().containsKey(part)) return line;
                line = at.lineOf(part);
                at = at.at(part).orElse(at);
            }
        }
        return line;
    }

    private boolean need(String path, String rule) {
        if (!dataset.text(path).isBlank()) return true;
        int line = line(path);
        boolean wrongAlready =
                root.at(path.split("\\.")).map(YamlNode::isScalar).orElse(false)
                        && !root.textAt(path.split("\\.")).isBlank();
        if (!wrongAlready) wrong.say(line, path, rule, "nothing");
        return false;
    }

    private void say(String path, String rule, Object got) {
        wrong.say(line(path), path, rule, got);
    }

    /** Where a key stands, else the map that it is missing in. */
    private int line(String path) {
        YamlNode at = root;
        int line = root.line();
        for (String name : path.split("\\.")) {
            if (!at.names().containsKey(name)) return line;
            line = at.lineOf(name);
            Optional<YamlNode> below = at.at(name);
            if (below.isEmpty()) return line;
            at = below.get();
        }
        return line;
    }
}
