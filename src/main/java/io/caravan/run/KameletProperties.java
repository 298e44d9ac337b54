package io.caravan.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/**
 * The properties of a Kamelet, as its own file says; none for one that has no file. What each is to a sink it says itself:
 *
 * <pre>
 * output:
 *   type: string
 *   caravan.io/identity: place
 * </pre>
 *
 * A content with {@code caravan.io/names: folder} counts with all files of that folder, as a file that is named does. A property with {@code caravan.io/keepsFormsOf: mongodb-source} says by its default that the sink keeps what comes from that source as
 * it is stored there. One with {@code caravan.io/alone: collection} lists what is one pipeline's alone, each as if it stood in that other property. It counts where its value is another, and where the source is that one; elsewhere it is as if there were none.
 */
final class KameletProperties {

    /** What a property is to the records that are kept: where they are, what is in them, or nothing; unsaid counts like both. */
    enum Identity {
        PLACE,
        CONTENT,
        NONE,
        UNSAID
    }

    /**
     * @param standard its default
     * @param secret whether its value must not be seen
     * @param later whether its default does what was done before there was such a property
     * @param folder whether it names a folder whose files are content
     * @param keepsFormsOf the source Kamelet whose stored forms its default keeps
     * @param fields who tells the fields that it names, {@code #class:<name>}, see {@link NamedFields}
     * @param key what it takes for a record's key, see {@link NamedKey}; blank for nothing
     * @param alone whether it names, with the places, what is one pipeline's alone
     * @param each the property that each of the names it lists stands for; blank where it lists none
     */
    record Property(
            Optional<String> standard,
            Identity identity,
            boolean secret,
            boolean later,
            boolean folder,
            Optional<String> keepsFormsOf,
            String fields,
            String key,
            boolean alone,
            String each) {

        static Property unsaid(String name) {
            return unsaid(name, Optional.empty());
        }

        static Property unsaid(String name, Optional<String> standard) {
            return new Property(
                    standard,
                    Identity.UNSAID,
                    PointsAt.secret(name),
                    false,
                    false,
                    Optional.empty(),
                    "",
                    "",
                    false,
                    "");
        }

        /** What the value of this property takes for a record's key. */
        Optional<NamedKey> key(String name, String value) {
            if (value.isBlank()) return Optional.empty();
            return fields.startsWith(NamedFields.CLASS)
                    ? NamedFields.made(fields).key(value)
                    : NamedKey.of(name, key, FieldNames.of(SettingList.of(value)));
        }

        /** What the value names at the places that is one pipeline's alone; an empty text for the places themselves. */
        List<String> alone(String value) {
            if (!fields.startsWith(NamedFields.CLASS)) return List.of("");
            try {
                return NamedFields.made(fields).alone(value);
            } catch (ConfigurationException e) {
                return List.of(); // who reads the description says so
            }
        }

        /** Whether this value does what is done without the property, so that an upgrade that brings it sends nothing again. */
        boolean countsNothingAt(String source, String value) {
            boolean neutral =
                    later || keepsFormsOf.filter(forms -> !forms.equals(source)).isPresent();
            return neutral && standard.equals(Optional.of(value));
        }
    }

    private static final String IDENTITY = "caravan.io/identity";
    private static final String LATER = "caravan.io/later";
    private static final String NAMES = "caravan.io/names";
    private static final String KEEPS_FORMS = "caravan.io/keepsFormsOf";
    private static final String FIELDS = "caravan.io/fields";
    private static final String ALONE = "caravan.io/alone";
    private static final String SUFFIX = ".kamelet.yaml";
    private static final String STANDARD_LOCATION = "classpath:kamelets";

    /** Of the files that ship, by location: they are the same in each context of a process. */
    private static final Map<String, Map<String, Property>> SHIPPED = new ConcurrentHashMap<>();

    private KameletProperties() {}

    /** By name, from where Camel finds the Kamelet; {@code location}: where the call itself says that it is. */
    static Map<String, Property> of(CamelContext context, String kamelet, Optional<String> location) {
        RouteTemplateDefinition loaded =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteTemplateDefinition(kamelet);
        if (loaded == null) return read(context, kamelet, null, location);
        return ReadOnce.of(context).get(loaded, () -> read(context, kamelet, loaded, location));
    }

    private static Map<String, Property> read(
            CamelContext context, String kamelet, RouteTemplateDefinition loaded, Optional<String> location) {
        Map<String, Property> properties = new LinkedHashMap<>();
        file(context, kamelet, loaded, location).ifPresent(file -> properties.putAll(properties(kamelet, file)));
        if (properties.isEmpty() && loaded != null && loaded.getTemplateParameters() != null) {
            loaded.getTemplateParameters()
                    .forEach(p -> properties.put(
                            p.getName(), Property.unsaid(p.getName(), Optional.ofNullable(p.getDefaultValue()))));
        }
        return properties;
    }

    private static Optional<Resource> file(
            CamelContext context, String kamelet, RouteTemplateDefinition loaded, Optional<String> location) {
        if (loaded != null
                && loaded.getResource() != null
                && loaded.getResource().getLocation().endsWith(SUFFIX)) {
            return Optional.of(loaded.getResource());
        }
        String places = location.orElse(
                context.hasComponent("kamelet") instanceof KameletComponent component && component.getLocation() != null
                        ? component.getLocation()
                        : STANDARD_LOCATION);
        for (String place : places.split(",")) {
            String file = place.endsWith(SUFFIX) ? place : place + (place.endsWith("/") ? "" : "/") + kamelet + SUFFIX;
            Resource found = PluginHelper.getResourceLoader(context).resolveResource(file);
            if (found.exists()) return Optional.of(found);
        }
        return Optional.empty();
    }

    private static Map<String, Property> properties(String kamelet, Resource file) {
        return file.getLocation().startsWith("classpath:")
                ? SHIPPED.computeIfAbsent(file.getLocation(), any -> read(kamelet, file))
                : read(kamelet, file);
    }

    private static Map<String, Property> read(String kamelet, Resource file) {
        Map<String, Property> properties = new LinkedHashMap<>();
        try (InputStream in = file.getInputStream()) {
            JsonNode definitions = new YAMLMapper().readTree(in).at("/spec/definition/properties");
            definitions
                    .properties()
                    .forEach(p -> properties.put(p.getKey(), property(kamelet, p.getKey(), p.getValue())));
            return properties;
        } catch (IOException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(kamelet, "the Kamelet's file", "be readable YAML", file.getLocation()));
        }
    }

    private static Property property(String kamelet, String name, JsonNode definition) {
        JsonNode standard = definition.path("default");
        boolean secret = definition.path("format").asText().equals("password")
                || definition.path("x-descriptors").toString().contains("password")
                || PointsAt.secret(name);
        return new Property(
                standard.isMissingNode() || standard.isNull() ? Optional.empty() : Optional.of(standard.asText()),
                identity(kamelet, name, definition.path(IDENTITY)),
                secret,
                definition.path(LATER).asBoolean(),
                definition.path(NAMES).asText().equals("folder"),
                Optional.ofNullable(definition.path(KEEPS_FORMS).textValue()),
                definition.path(FIELDS).asText(),
                definition.path("caravan.io/key").asText(),
                definition.path(ALONE).asBoolean(),
                definition.path(ALONE).isTextual() ? definition.path(ALONE).asText() : "");
    }

    private static Identity identity(String kamelet, String name, JsonNode said) {
        if (said.isMissingNode()) return Identity.UNSAID;
        return switch (said.asText()) {
            case "place" -> Identity.PLACE;
            case "content" -> Identity.CONTENT;
            case "none" -> Identity.NONE;
            default ->
                throw new ConfigurationException(SettingChecks.sentence(
                        kamelet,
                        IDENTITY + " of " + name,
                        "be place, content or none",
                        said.asText().toLowerCase(Locale.ROOT)));
        };
    }
}
