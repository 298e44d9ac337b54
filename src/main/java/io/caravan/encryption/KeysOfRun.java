package io.caravan.encryption;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import java.nio.file.Path;
import java.time.Instant;

/** The registry as a run found it when it began: a key that is promoted meanwhile seals for the next one. Thread-safe. */
final class KeysOfRun {

    private final String unit;
    private final String file;
    private final boolean cleartextKeys;
    private Instant began;
    private String text;
    private KeyRegistry registry;

    /** {@code file}: may be blank until there is a run, so that a service starts whose other pipelines seal nothing. */
    KeysOfRun(String unit, String file, boolean cleartextKeys) {
        this.unit = unit;
        this.file = file;
        this.cleartextKeys = cleartextKeys;
    }

    synchronized KeyRegistry at(Instant run) {
        if (run.equals(began)) return registry;
        new SettingChecks(unit)
                .must(
                        !file.isBlank(),
                        "keysFile",
                        "name the registry of keys, which caravan keys add makes and caravan.encryption.keysFile says",
                        file)
                .check();
        KeysJson keys = new KeysFile(Path.of(SettingFile.located(file))).read();
        if (keys.cleartext() && !cleartextKeys) {
            throw new ConfigurationException(unit
                    + ": cleartextKeys must be true where keys are not wrapped by a key management service, got 'false'; keep the"
                    + " file from everybody else, or make a registry by caravan keys add --kms <URI of a key>");
        }
        if (!keys.text().equals(text)) {
            registry = keys.registry();
            text = keys.text();
        }
        began = run;
        return registry;
    }
}
