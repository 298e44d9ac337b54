package io.caravan.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysFileTest {

    @TempDir
    Path folder;

    @Test
    void versionsAreNumbersInTheirOrderAndNeverGivenTwice() {
        KeysJson keys = KeysJson.empty(Optional.empty());
        IntStream.range(0, 11).forEach(i -> keys.add());
        assertThat(keys.primary()).contains(1);
        keys.promote(11);
        keys.retire(10);
        assertThat(keys.add()).isEqualTo(12);
        KeysJson again = KeysJson.of(keys.text(), "test");
        assertThat(again.versions())
                .extracting(KeysJson.Version::version)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(again.versions().get(9).state()).isEqualTo("retired");
        assertThat(again.primary()).contains(11);
        for (int version : new int[] {10, 13}) {
            assertThatThrownBy(() -> again.promote(version))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("keys: version must be one that the registry has and that is not retired, got '"
                            + version + "'");
        }
        assertThatThrownBy(() -> again.retire(11))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("not be the primary one");
    }

    @Test
    void onlyItsOwnerMayReadTheFileAndManyMayChangeItAtOnce() throws Exception {
        Path file = folder.resolve("keys.json");
        IntStream.range(0, 20).parallel().forEach(i -> new KeysFile(file)
                .change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new KeysFile(file).read().versions()).hasSize(20);
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("keys.json", "keys.json.lock");
        }
    }

    @Test
    void whatIsNoRegistryIsNotShown() {
        for (String text :
                new String[] {"", "sesame", "{}", "[\"sesame\"]", "{\"v1\": \"sesame\"}", "{\"format\": \"sesame\"}"}) {
            assertThatThrownBy(() -> KeysJson.of(text, "KEYS"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("keys: KEYS must be a registry of keys")
                    .hasMessageNotContaining("sesame");
        }
        KeysJson broken = KeysJson.of(
                "{\"format\": \"caravan-keys-1\", \"primary\": 1, \"keys\": {\"1\": {\"random\": {\"sesame\": 1}}}}",
                "KEYS");
        assertThatThrownBy(broken::registry)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("sesame");
    }
}
