package io.caravan.http;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a refusal says of itself, for a message: short, on one line, and without what a message must not show. */
final class Quote {

    private static final int MOST_BYTES = 4 << 10;
    /** A shorter value of a query is no secret, and stands in texts by chance. */
    private static final int SHORTEST_SECRET = 6;

    private static final Pattern NOTHING = Pattern.compile("[\\[\\]{}\\s]*|null");
    private static final Pattern TAGS = Pattern.compile("<[^<>]*>");
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,}");
    private static final Pattern NAMED_SECRETS = Pattern.compile(
            "(?i)\\b([\\w-]*(?:key|token|secret|password|signature|sig|credential|session|cookie)[\\w-]*\\\"?\\s*[=:]\\s*\\\"?)"
                    + "[^&\\s\"',;<>]{4,}");

    /** A secret that stands behind its kind, as in "invalid API key 4711...". */
    private static final Pattern SPOKEN_SECRETS = Pattern.compile(
            "(?i)\\b((?:key|token|secret|password|credential)\\s+['\"]?)(?=[\\w.~+/=-]*\\d)[\\w.~+/=-]{8,}");
    /** What many services begin their secrets with. */
    private static final Pattern KNOWN_SECRETS = Pattern.compile(
            "\\b(?:[spr]k_(?:live|test)_|gh[opsu]_|github_pat_|glpat-|xox[abopsr]-|AKIA|ASIA|AIza|ya29\\.|eyJ)[\\w.~+/=-]{8,}");

    private Quote() {}

    /** {@code  (the answer says: ...)}, or nothing when it says nothing; reads and closes the answer. */
    static String of(HttpApi api, URI asked, HttpAnswer answer) {
        try (HttpAnswer read = answer) {
            return of(api, asked, read.body().readNBytes(MOST_BYTES));
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    static String of(HttpApi api, URI asked, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        boolean html = text.stripLeading().startsWith("<");
        String said = html ? TAGS.matcher(text).replaceAll(" ") : text;
        String clean = ServerMessage.of(hidden(api, asked, said).getBytes(StandardCharsets.UTF_8))
                .replaceAll(" {2,}", " ")
                .strip();
        return NOTHING.matcher(clean).matches() ? "" : " (the answer says: " + clean + ")";
    }

    /** Where a redirect leads: scheme, host and path, never its query; nothing when it does not say. */
    static String where(URI asked, Optional<String> location) {
        return location.map(text -> {
                    try {
                        return " (it leads to " + ServerMessage.clean(Address.shown(asked.resolve(text.strip()))) + ")";
                    } catch (IllegalArgumentException e) {
                        return "";
                    }
                })
                .orElse("");
    }

    private static String hidden(HttpApi api, URI asked, String text) {
        String hidden = api.hide(text);
        String query = asked.getRawQuery() == null ? "" : asked.getRawQuery();
        for (String pair : query.split("&")) {
            String value = pair.substring(pair.indexOf('=') + 1);
            if (value.length() < SHORTEST_SECRET) continue;
            hidden = hidden.replace(value, "*****").replace(decoded(value), "*****");
        }
        hidden = CREDENTIALS.matcher(hidden).replaceAll("$1 *****");
        hidden = NAMED_SECRETS.matcher(hidden).replaceAll("$1*****");
        hidden = SPOKEN_SECRETS.matcher(hidden).replaceAll("$1*****");
        return KNOWN_SECRETS.matcher(hidden).replaceAll("*****");
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
