package io.caravan.project;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A text of {@code src/main/resources/init} with words such as {@code @name@} that are filled in. */
final class Template {

    private Template() {}

    /** {@code words}: by what stands between the two {@code @}. */
    static String text(String resource, Map<String, String> words) {
        try (InputStream in = Template.class.getResourceAsStream("/init/" + resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> word : words.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
