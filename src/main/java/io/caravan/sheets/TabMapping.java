package io.caravan.sheets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.record.JsonFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which tabs of a spreadsheet are read, as kinds of records, by a YAML file:
 *
 * <pre>
 * tabs:
 *   - {tab: books, kind: books, key: [book_id], types: {first_publication_date: date, isbn_10: code}}
 * </pre>
 *
 * {@code kind} is the tab's name where it is not said; a column without a type is text.
 */
final class TabMapping {

    private static final String UNIT = "google-sheets-source";
    private static final String MAPPING = "mapping";
    private static final YAMLMapper YAML = new YAMLMapper();
    /** What every store with kinds takes for the name of a collection. */
    private static final Pattern KIND = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,119}");

    /** The file; no records, of which Jackson would not know the lines of unknown keys any more. */
    private static final class File {
        public List<Tab> tabs;
    }

    /** One of its tabs. */
    private static final class Tab {
        public String tab;
        public String kind;
        public List<String> key;
        public Map<String, String> types;
    }

    private TabMapping() {}

    /** By the names of the tabs, in their order; throws ConfigurationException with all that is wrong. */
    static Map<String, TabForm> load(String location) {
        return parse(SettingFile.read(UNIT, MAPPING, location));
    }

    static Map<String, TabForm> parse(String yaml) {
        List<Tab> tabs = read(yaml);
        SettingChecks settings = new SettingChecks(UNIT);
        settings.must(!tabs.isEmpty(), MAPPING, "list tabs", "none");
        Map<String, TabForm> forms = new TreeMap<>();
        Set<String> kinds = new HashSet<>();
        for (Tab tab : tabs) {
            String name = tab == null ? null : tab.tab;
            settings.notBlank(MAPPING + ": tab", name);
            if (name == null || name.isBlank()) continue;
            String at = MAPPING + ": tab '" + name + "'";
            String kind = Objects.requireNonNullElse(tab.kind, name);
            settings.must(KIND.matcher(kind).matches(), at + " kind", "match " + KIND, kind);
            settings.must(kinds.add(kind), at + " kind", "be no other tab's", kind);
            List<String> key = Objects.requireNonNullElse(tab.key, List.of());
            boolean keyed = !key.isEmpty()
                    && key.stream().allMatch(c -> c != null && !c.isBlank())
                    && key.stream().distinct().count() == key.size();
            settings.must(keyed, at + " key", "name the columns that identify a row, each once", key);
            TabForm form = new TabForm(
                    Optional.of(kind),
                    List.copyOf(keyed ? key : List.of()),
                    types(settings, at, tab),
                    CellType.TEXT::of);
            settings.must(forms.put(name, form) == null, at, "be listed once", name);
        }
        settings.check();
        return forms;
    }

    private static Map<String, TabForm.Cell> types(SettingChecks settings, String at, Tab tab) {
        Map<String, TabForm.Cell> types = new LinkedHashMap<>();
        Objects.requireNonNullElse(tab.types, Map.<String, String>of()).forEach((column, word) -> {
            Optional<CellType> type = CellType.named(word);
            settings.must(
                    type.isPresent(),
                    at + " type of " + column,
                    "be one of " + String.join(", ", CellType.words()),
                    word
                            + Nearest.to(String.valueOf(word), CellType.words())
                                    .map(near -> "' (did you mean '" + near + "'?)")
                                    .orElse(""));
            type.ifPresent(known -> types.put(column, known::of));
        });
        return types;
    }

    private static List<Tab> read(String yaml) {
        UnknownKeys unknown = new UnknownKeys();
        try {
            File file = YAML.readerFor(File.class).withHandler(unknown).readValue(yaml);
            if (!unknown.problems.isEmpty()) throw new ConfigurationException(unknown.problems);
            return file == null || file.tabs == null ? List.of() : file.tabs;
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(UNIT + ": mapping must be YAML with 'tabs', each with 'tab', 'kind', 'key'"
                    + " and 'types', but: " + JsonFault.of(e));
        }
    }

    /** Remembers them all, where Jackson ends at the first. */
    private static final class UnknownKeys extends DeserializationProblemHandler {

        private final List<String> problems = new ArrayList<>();

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object bean,
                String key)
                throws IOException {
            List<String> known = deserializer.getKnownPropertyNames().stream()
                    .map(Object::toString)
                    .sorted()
                    .toList();
            int line = parser.currentTokenLocation().getLineNr();
            problems.add(SettingChecks.sentence(
                            UNIT, MAPPING + " line " + line, "have only " + String.join(", ", known), key)
                    + Nearest.hint(key, known));
            parser.skipChildren();
            return true;
        }
    }
}
