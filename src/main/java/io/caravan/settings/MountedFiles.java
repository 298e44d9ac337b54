package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;

/**
 * <code>{{secret:name/key}}</code> and <code>{{configmap:name/key}}</code>, with {@code :default}, as camel-kubernetes finds them in
 * mounted files: <code>&lt;mount path&gt;/name/key</code>. Its names for the mount path are ours; its client of Kubernetes, 20 MB, is
 * not needed for files.
 */
final class MountedFiles implements PropertiesFunction {

    private final CamelContext context;
    private final String kind;
    private final Environment environment;

    /** {@code kind}: secret or configmap. */
    MountedFiles(CamelContext context, String kind, Environment environment) {
        this.context = context;
        this.kind = kind;
        this.environment = environment;
    }

    @Override
    public String getName() {
        return kind;
    }

    @Override
    public String apply(String remainder) {
        String[] nameAndDefault = remainder.split(":", 2);
        String setting = "camel.kubernetes-config.mount-path-" + kind + "s";
        String mount = mountPath(setting);
        try {
            if (!mount.isBlank()) {
                Path file = Path.of(mount).resolve(nameAndDefault[0]);
                if (Files.isRegularFile(file)) return Files.readString(file).stripTrailing();
            }
        } catch (IOException | InvalidPathException e) {
            // said below
        }
        if (nameAndDefault.length == 2) return nameAndDefault[1];
        throw new ConfigurationException(SettingChecks.sentence(
                        "caravan",
                        "{{" + kind + ":" + nameAndDefault[0] + "}}",
                        "be a file that we may read below " + setting,
                        mount)
                + "; mount it there, or correct " + setting);
    }

    private String mountPath(String setting) {
        String property = System.getProperty("camel.k.mount-path." + kind + "s");
        String variable = environment.value(
                kind.equals("secret") ? "CAMEL_K_MOUNT_PATH_SECRETS" : "CAMEL_K_MOUNT_PATH_CONFIGMAPS");
        return context.getPropertiesComponent()
                .resolveProperty(setting)
                .or(() -> Optional.ofNullable(property))
                .or(() -> Optional.ofNullable(variable))
                .orElse("");
    }
}
