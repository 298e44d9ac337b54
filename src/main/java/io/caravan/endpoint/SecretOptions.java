package io.caravan.endpoint;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.URISupport;

/**
 * Camel shows an endpoint by its URI, in JMX and in its log, and hides only the options that it knows for secrets. It learns the names
 * of others that somebody marks by {@code RAW()}, such as {@code webhookUrl}.
 */
final class SecretOptions {

    private static final Pattern MARKED = Pattern.compile("[?&]([A-Za-z0-9_.-]+)=RAW[({]");
    private static final Set<String> LEARNED = new ConcurrentSkipListSet<>();

    private SecretOptions() {}

    /** From now on Camel hides what this URI marks. */
    static void hide(EndpointUri uri) {
        Matcher marked = MARKED.matcher(uri.text());
        boolean more = false;
        while (marked.find()) {
            String name = marked.group(1);
            boolean hidden = URISupport.sanitizeUri("x:y?" + name + "=RAW(seen)").contains("xxxxxx");
            if (!hidden) more |= LEARNED.add(name);
        }
        if (more) URISupport.addSanitizeKeywords(String.join(",", LEARNED));
    }
}
