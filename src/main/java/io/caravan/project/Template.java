package io.caravan.project;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text of {@code src/main/resources/init} with words such as {@code @name@} that are filled in. */
final class Template {

    private static final Pattern WORD = Pattern.compile("@(\\w+)@");

    private Template() {}

    /** {@code words}: by what stands between the two {@code @}; what they hold is not looked at again. */
    static String text(String resource, Map<String, String> words) {
        try (InputStream in = Template.class.getResourceAsStream("/init/" + resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return WORD.matcher(text)
                    .replaceAll(m -> Matcher.quoteReplacement(words.getOrDefault(m.group(1), m.group())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
