package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** A PostgreSQL as other systems write it. */
class DatabaseAddressTest {

    @ParameterizedTest
    @CsvSource(delimiter = '~', emptyValue = "", textBlock = """
            postgresql://me:pw@db.example:5433/books                 ~ jdbc:postgresql://db.example:5433/books ~ me ~ pw
            postgres://me:pw@db/books                                ~ jdbc:postgresql://db/books ~ me ~ pw
            postgresql+psycopg2://me:pw@db/books                     ~ jdbc:postgresql://db/books ~ me ~ pw
            postgresql://db/books                                    ~ jdbc:postgresql://db/books ~ '' ~ ''
            postgresql://me@db/books                                 ~ jdbc:postgresql://db/books ~ me ~ ''
            postgresql:///books                                      ~ jdbc:postgresql://localhost/books ~ '' ~ ''
            postgresql://me:pw@db                                    ~ jdbc:postgresql://db/ ~ me ~ pw
            postgresql://me:pw@[::1]:5432/books                      ~ jdbc:postgresql://[::1]:5432/books ~ me ~ pw
            postgresql://me:pw@a:5432,b:5433/books                   ~ jdbc:postgresql://a:5432,b:5433/books ~ me ~ pw
            postgresql://m%40x:p%40s%2Fs%3A%25%20w+r@db/books        ~ jdbc:postgresql://db/books ~ m@x ~ p@s/s:% w+r
            postgresql://me:p@s/s:w@db/books                         ~ jdbc:postgresql://db/books ~ me ~ p@s/s:w
            postgresql://me:pw@db/books?sslmode=require              ~ jdbc:postgresql://db/books?sslmode=require ~ me ~ pw
            postgresql://me:pw@db/b?sslmode=verify-full&sslrootcert=%2Fca.pem&connect_timeout=3 ~ jdbc:postgresql://db/b?sslmode=verify-full&sslrootcert=%2Fca.pem&connectTimeout=3 ~ me ~ pw
            postgresql://me:%22q%7B%7B@db/b?sslmode=require          ~ jdbc:postgresql://db/b?sslmode=require&user=me&password=%22q%7B%7B ~ '' ~ ''
            jdbc:postgresql://db/books?user=me                       ~ jdbc:postgresql://db/books?user=me ~ '' ~ ''
            """)
    void aUrlBecomesTheDriversWithUserAndPasswordApart(String url, String uri, String user, String password) {
        assertThat(DatabaseAddress.ofUrl("DATABASE_URL", url)).isEqualTo(new DatabaseAddress(uri, user, password));
        assertThat(new Driver().acceptsURL(uri)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://me:sesame@db/books",
                "me:sesame@db/books",
                "postgresql://me:sesame@db/books/more",
                "postgresql://me:sesame@d b/books",
                "postgresql://me:sesame%zz@db/books",
                "postgresql://me:sesame@/books?host=/var/run/sesame"
            })
    void anotherFormIsRefusedWithoutShowingIt(String url) {
        assertThatThrownBy(() -> DatabaseAddress.ofUrl("DATABASE_URL", url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DATABASE_URL must")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void partsAreAnAddressToo() {
        assertThat(DatabaseAddress.ofParts(Map.of(
                        "DB_HOST", "db", "DB_NAME", "lake 1", "DB_PASSWORD", "p@ss", "DB_SSLMODE", "require")::get))
                .isEqualTo(
                        new DatabaseAddress("jdbc:postgresql://db:5432/lake%201?sslmode=require", "postgres", "p@ss"));
        assertThat(DatabaseAddress.ofParts(
                        Map.of("DB_HOST", "::1", "DB_PORT", "5433", "DB_NAME", "lake", "DB_USER", "me")::get))
                .isEqualTo(new DatabaseAddress("jdbc:postgresql://[::1]:5433/lake", "me", ""));
        assertThatThrownBy(() -> DatabaseAddress.ofParts(Map.of("DB_HOST", "/var/run", "DB_PORT", "x")::get))
                .hasMessageContaining("DB_HOST must be the name of a host, got '/var/run'")
                .hasMessageContaining("DB_PORT must be a port, got 'x'")
                .hasMessageContaining("DB_NAME must be there with DB_HOST");
    }

    @Test
    void aPasswordOfAnyCharactersLetsUsIn() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        String password = " #a\"b{{c}}${d}@/:%+&=? ";
        String name = "caravan_" + Long.toString(System.nanoTime(), 36);
        try (var owner = DriverManager.getConnection(database.uri(), database.user(), database.password());
                var statement = owner.createStatement()) {
            statement.execute("create role " + name + " login password '" + password + "'");
            String encoded = java.net.URLEncoder.encode(password, java.nio.charset.StandardCharsets.UTF_8)
                    .replace("+", "%20");
            String url = database.uri().replace("jdbc:postgresql://", "postgresql://" + name + ":" + encoded + "@");
            DatabaseAddress address = DatabaseAddress.ofUrl("DATABASE_URL", url);
            assertThat(address.password()).as("no setting can hold it").isEmpty();
            try (var user = DriverManager.getConnection(address.uri(), new Properties())) {
                assertThat(user.isValid(1)).isTrue();
            } finally {
                statement.execute("drop role " + name);
            }
        }
    }
}
