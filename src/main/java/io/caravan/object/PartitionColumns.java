package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.source.IncompleteSourceException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The fields that records have from the folders of their object's name, {@code year=2024/month=05/part-0.parquet}. */
final class PartitionColumns {

    /** As Hive calls the folder of those without a value. */
    static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

    private static final String AUTO = "auto";

    private final boolean auto;
    private final List<String> named;

    /** @param setting blank for none, {@code auto} for all that a name says, or those that every name must say, comma separated */
    PartitionColumns(String unit, String setting) {
        this.auto = setting.strip().equals(AUTO);
        this.named = auto ? List.of() : FieldNames.of(SettingList.of(setting));
        new SettingChecks(unit)
                .must(
                        !named.contains(AUTO) && named.stream().allMatch(PartitionColumns::usable),
                        "partitionColumns",
                        "be auto, or names without / and =, comma separated",
                        setting)
                .must(named.stream().distinct().count() == named.size(), "partitionColumns", "differ", setting)
                .check();
    }

    /** Whether names say nothing of fields. */
    boolean none() {
        return !auto && named.isEmpty();
    }

    /**
     * By field, in the order of the setting or else of the name: what this object's name says, null where it says that there is no value.
     *
     * <ul>
     *   <li>errors: {@link IncompleteSourceException} when it lacks a field, says one twice, or says what is no text
     * </ul>
     */
    Map<String, String> of(String object) {
        Map<String, String> said = new LinkedHashMap<>();
        if (none()) return said;
        for (String folder : folders(object)) {
            int equals = folder.indexOf('=');
            if (equals < 0) continue;
            Optional<String> name = decoded(folder.substring(0, equals)).map(FieldNames::of);
            if (!auto && name.filter(named::contains).isEmpty()) continue;
            if (name.filter(PartitionColumns::usable).isEmpty()) {
                throw refused(object, "the folder", "begin with a field's name, as partitionColumns is auto", folder);
            }
            String value = value(object, folder, equals);
            if (said.containsKey(name.get()) && !Objects.equals(said.get(name.get()), value)) {
                throw refused(
                        object, "the path", "say '" + name.get() + "' once, as partitionColumns reads it", object);
            }
            said.put(name.get(), value);
        }
        return auto ? said : inOrder(object, said);
    }

    private Map<String, String> inOrder(String object, Map<String, String> said) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : named) {
            if (!said.containsKey(name)) {
                throw refused(
                        object, "the path", "have a folder " + name + "=<value>, as partitionColumns says", object);
            }
            ordered.put(name, said.get(name));
        }
        return ordered;
    }

    private static List<String> folders(String object) {
        int last = object.lastIndexOf('/');
        return last < 0
                ? Collections.emptyList()
                : List.of(object.substring(0, last).split("/"));
    }

    private static String value(String object, String folder, int equals) {
        String written = folder.substring(equals + 1);
        if (written.equals(NO_VALUE)) return null;
        return decoded(written)
                .orElseThrow(() -> refused(object, "the folder", "be UTF-8 where it is percent-encoded", folder));
    }

    /** As Hive reads it, a % that begins no escape stands for itself; empty when escaped bytes are no UTF-8. */
    private static Optional<String> decoded(String written) {
        StringBuilder text = new StringBuilder(written.length());
        ByteBuffer bytes = ByteBuffer.allocate(written.length());
        for (int i = 0; i < written.length(); ) {
            if (!escape(written, i)) {
                text.append(written.charAt(i++));
                continue;
            }
            for (bytes.clear(); escape(written, i); i += 3) {
                bytes.put((byte) HexFormat.fromHexDigits(written, i + 1, i + 3));
            }
            try {
                text.append(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()));
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toString());
    }

    private static boolean escape(String written, int i) {
        return i + 2 < written.length()
                && written.charAt(i) == '%'
                && HexFormat.isHexDigit(written.charAt(i + 1))
                && HexFormat.isHexDigit(written.charAt(i + 2));
    }

    private static boolean usable(String name) {
        return Fields.of(name).storable() && name.indexOf('=') < 0 && name.indexOf('/') < 0;
    }

    private static IncompleteSourceException refused(String object, String what, String rule, String value) {
        String remedy = "; rename it, name the fields one by one in 'partitionColumns', or narrow 'prefix'";
        return new IncompleteSourceException(
                SettingChecks.sentence(ObjectNames.shown(object), what, rule, ObjectNames.shown(value)) + remedy);
    }
}
