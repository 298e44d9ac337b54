package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code .env} as python-dotenv does, which the files of other systems are written for: {@code NAME=value}, {@code export}
 * before it, comments after {@code #} (within a line after a blank), quotes, in which a value may have many lines, escapes such as
 * {@code \n} in double ones, and <code>${NAME}</code> or <code>${NAME:-instead}</code>. What is none of these is an error that
 * names the line and shows nothing of it, where python-dotenv leaves it out.
 */
final class DotEnv {

    static final String FILE = ".env";
    static final String ENCODED = "ENV_FILE_BASE64";

    private static final Pattern BLANKS = Pattern.compile("\\s*");
    private static final Pattern EXPORT = Pattern.compile("export[^\\S\\r\\n]+");
    private static final Pattern NAME = Pattern.compile("'[^'\\r\\n]+'|[^=#\\s]+");
    private static final Pattern EQUALS = Pattern.compile("[^\\S\\r\\n]*=([^\\S\\r\\n]*)");
    private static final Pattern LINE = Pattern.compile("[^\\r\\n]*");
    private static final Pattern COMMENT = Pattern.compile("\\s+#.*");
    private static final Pattern REST = Pattern.compile("[^\\S\\r\\n]*(#[^\\r\\n]*)?(\\r\\n|\\r|\\n|$)");
    private static final Pattern USED = Pattern.compile("\\$\\{([^}:]*)(?::-([^}]*))?}");

    /** Those of single quotes are the first two. */
    private static final String ESCAPES = "\\'\"abfnrtv";

    private static final String ESCAPED = "\\'\"\u0007\b\f\n\r\t\u000b";

    private final String file;
    private final String text;
    private final UnaryOperator<String> environment;
    private final Map<String, String> values = new LinkedHashMap<>();
    private int at;

    private DotEnv(String file, String text, UnaryOperator<String> environment) {
        this.file = file;
        this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
        this.environment = environment;
    }

    /** The environment over that of the project's file, the launcher's and the one in {@value #ENCODED}. */
    static Environment under(Environment environment, Path folder, Path home) {
        Environment known = environment;
        for (Path where : folder.equals(home) ? List.of(folder) : List.of(folder, home)) {
            String shown = where.equals(folder) ? FILE : where.resolve(FILE).toString();
            Optional<Map<String, String>> variables = in(where, shown, environment::value);
            if (variables.isPresent()) known = known.over(shown, variables.get());
        }
        String encoded = environment.value(ENCODED);
        if (encoded == null || encoded.isBlank()) return known;
        String text = new String(DecodedFiles.decoded(ENCODED, encoded), StandardCharsets.UTF_8);
        return known.over(ENCODED, parse(ENCODED, text, environment::value));
    }

    /** The variables in a file of that folder; empty when there is none. */
    static Optional<Map<String, String>> in(Path folder, String shown, UnaryOperator<String> environment) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) return Optional.empty();
        if (Files.isDirectory(file)) {
            throw new ConfigurationException("caravan: " + shown
                    + " must be a file, got a folder; Docker makes one where a file that is mounted is not there");
        }
        try {
            return Optional.of(parse(shown, Files.readString(file), environment));
        } catch (IOException e) {
            throw new ConfigurationException("caravan: " + shown + " must be a text in UTF-8 that we may read");
        }
    }

    /** The variables of a text, in its order; {@code environment} is stronger where a value uses one. */
    static Map<String, String> parse(String file, String text, UnaryOperator<String> environment) {
        DotEnv dotEnv = new DotEnv(file, text, environment);
        boolean more = true;
        while (more) more = dotEnv.next();
        return dotEnv.values;
    }

    private boolean next() {
        read(BLANKS);
        if (at == text.length()) return false;
        int begin = at;
        if (text.charAt(at) != '#') {
            read(EXPORT);
            Matcher name = read(NAME);
            if (name == null) throw wrong(begin);
            Matcher equals = read(EQUALS);
            if (equals != null) {
                String key = name.group().startsWith("'") ? unquoted(name.group()) : name.group();
                values.put(key, filled(value(begin, !equals.group(1).isEmpty())));
            }
        }
        if (read(REST) == null) throw wrong(begin);
        return true;
    }

    private String value(int begin, boolean afterBlank) {
        char first = at < text.length() ? text.charAt(at) : '\n';
        if (first == '"' || first == '\'') return quoted(begin, first);
        String line = read(LINE).group();
        if (afterBlank && line.startsWith("#")) return "";
        return COMMENT.matcher(line).replaceFirst("").stripTrailing();
    }

    private String quoted(int begin, char quote) {
        StringBuilder value = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                at = i + 1;
                return value.toString();
            }
            if (c != '\\' || i + 1 == text.length()) {
                value.append(c);
                continue;
            }
            char next = text.charAt(++i);
            int escape =
                    ESCAPES.substring(0, quote == '"' ? ESCAPES.length() : 2).indexOf(next);
            if (escape < 0) value.append(c).append(next);
            else value.append(ESCAPED.charAt(escape));
        }
        throw wrong(begin);
    }

    private String filled(String value) {
        return USED.matcher(value).replaceAll(used -> {
            String known = environment.apply(used.group(1));
            if (known == null) known = values.get(used.group(1));
            if (known == null) known = used.group(2);
            return known == null ? "" : Matcher.quoteReplacement(known);
        });
    }

    private Matcher read(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) return null;
        at = matcher.end();
        return matcher;
    }

    private ConfigurationException wrong(int begin) {
        long line = text.substring(0, begin).lines().count() + (begin == 0 || text.charAt(begin - 1) == '\n' ? 1 : 0);
        return new ConfigurationException("caravan: line " + Math.max(1, line) + " of " + file
                + " must be NAME=value, with both quotes where there is one, or a comment after #");
    }

    private static String unquoted(String text) {
        return text.substring(1, text.length() - 1);
    }
}
