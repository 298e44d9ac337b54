package io.caravan.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import io.caravan.error.SettingChecks;
import java.util.Arrays;
import java.util.List;

/** Names from the outermost object inwards, {@code data.items}; blank is the whole answer. */
record JsonPath(List<String> names) {

    static JsonPath of(SettingChecks settings, String field, String text) {
        List<String> names =
                text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\.", -1));
        settings.must(
                names.stream().noneMatch(String::isBlank),
                field,
                "be names with dots between them, like data.items",
                text);
        return new JsonPath(names);
    }

    /** Whether the value that begins at the parser's current token stands at this path. */
    boolean at(JsonParser json) {
        JsonStreamContext context = json.getParsingContext();
        if (json.currentToken().isStructStart()) context = context.getParent();
        for (int i = names.size() - 1; i >= 0; i--) {
            if (!context.inObject() || !names.get(i).equals(context.getCurrentName())) return false;
            context = context.getParent();
        }
        return context.inRoot();
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "the whole answer" : String.join(".", names);
    }
}
