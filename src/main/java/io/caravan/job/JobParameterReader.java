package io.caravan.job;

import io.caravan.job.JobParameter.Type;
import io.caravan.validate.KeyReader;
import io.caravan.validate.YamlNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one parameter of a job file: what its keys must be together. */
final class JobParameterReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    /** Options that every job has. */
    static final List<String> TAKEN = List.of("help", "json", "routes", "profile", "verbose", "dry-run", "wait");

    private final KeyReader reader;
    private final YamlNode root;
    private final String name;
    private final Map<String, Object> said;
    private boolean wrong;

    JobParameterReader(KeyReader reader, YamlNode root, String name, Map<String, Object> said) {
        this.reader = reader;
        this.root = root;
        this.name = name;
        this.said = said;
    }

    /** Empty when something is wrong with it by itself. */
    Optional<JobParameter> parameter() {
        int line = root.at("parameters").orElseThrow().lineOf(name);
        if (!NAME.matcher(name).matches() || name.length() > 50) {
            reader.wrong(line, "parameters", "have names of small letters, digits and single hyphens", name);
            return Optional.empty();
        }
        if (TAKEN.contains(name)) {
            reader.wrong(
                    line,
                    "parameters",
                    "have none of the names " + String.join(", ", TAKEN) + ", which all jobs have",
                    name);
            return Optional.empty();
        }
        boolean untyped = !said.containsKey("type")
                && root.at("parameters", name, "type")
                        .filter(t -> !t.text().isBlank())
                        .isPresent();
        if (untyped) return Optional.empty(); // another word was said before
        Type type = Arrays.stream(Type.values())
                .filter(t -> t.word().equals(text("type").orElse(Type.STRING.word())))
                .findFirst()
                .orElse(Type.STRING);
        must(
                !truth("required") || texts("default").stream().allMatch(JobParameterReader::isPlaceholder),
                "default",
                "be missing or a placeholder where required is true",
                texts("default"));
        must(
                truth("list") || texts("default").size() <= 1,
                "default",
                "be one value unless list is true",
                texts("default"));
        for (String key : List.of("minimum", "maximum")) {
            text(key).ifPresent(value -> {
                must(type.isOrdered(), key, "be of an integer, number or date alone", value);
                must(!type.isOrdered() || type.fits(value), key, "be a value of type " + type.word(), value);
            });
        }
        if (wrong) return Optional.empty();
        JobParameter parameter = new JobParameter(
                name,
                type,
                text("description").orElse(""),
                truth("required"),
                texts("default"),
                texts("allowed"),
                pattern(),
                text("minimum"),
                text("maximum"),
                truth("list"),
                truth("secret"));
        for (String value : parameter.allowed())
            must(type.fits(value), "allowed", "be values of type " + type.word(), value);
        for (String value : parameter.standard()) {
            if (isPlaceholder(value)) continue;
            must(!parameter.secret(), "default", "be a placeholder such as {{env:TOKEN}}, as it is a secret", "*****");
            Optional<String> broken = parameter.broken(value);
            must(broken.isEmpty(), "default", broken.orElse(""), value);
        }
        return wrong ? Optional.empty() : Optional.of(parameter);
    }

    private void must(boolean holds, String key, String rule, Object got) {
        if (holds) return;
        wrong = true;
        int line = root.at("parameters", name).map(p -> p.lineOf(key)).orElse(root.line());
        reader.wrong(line, "parameters." + name + "." + key, rule, got instanceof List<?> list ? shown(list) : got);
    }

    private static boolean isPlaceholder(String value) {
        return value.matches("(?s).*\\{\\{.+}}.*");
    }

    private static String shown(List<?> list) {
        return String.join(", ", list.stream().map(Object::toString).toList());
    }

    private Optional<Pattern> pattern() {
        try {
            return text("pattern").map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            must(false, "pattern", "be a regular expression", text("pattern").orElse(""));
            return Optional.empty();
        }
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(said.get(key)).map(Object::toString);
    }

    private boolean truth(String key) {
        return text(key).filter("true"::equalsIgnoreCase).isPresent();
    }

    private List<String> texts(String key) {
        return said.get(key) instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }
}
