package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadUserRequestTest {

    private final ReadUserRequest limited = new ReadUserRequest(5, 20);

    @ParameterizedTest
    @CsvSource({"user_id=u,5", "user_id=u&limit=1,1", "limit=20&user_id=u,20", "user_id=u&limit=07,7"})
    void readsUserAndLimit(String query, int limit) {
        assertThat(limited.read(query)).isEqualTo(new UserRequest("u", limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "21", "-1", "", "+", "5.0", "five", "%2B5", "5+", "1e1", "99999999999", "%D9%A5"})
    void aLimitIsAnIntegerOfItsRange(String limit) {
        assertThatThrownBy(() -> limited.read("user_id=u&limit=" + limit))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageStartingWith("query: limit must be an integer of 1 to 20, got '");
    }

    @Test
    void aQuestionWithoutLimitDoesNotReadIt() {
        assertThat(new ReadUserRequest().read("user_id=u&limit=many")).isEqualTo(new UserRequest("u", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "%09%0A", "%E3%80%80"})
    void aUserIsNotBlank(String user) {
        assertThatThrownBy(() -> limited.read("user_id=" + user))
                .hasMessageStartingWith("query: user_id must be 1 to 256 characters and not blank, got '");
    }

    @Test
    void aUserIsGivenAndHasAtMost256Characters() {
        assertThatThrownBy(() -> limited.read("limit=5")).hasMessage("query: user_id must be given, got 'nothing'");
        assertThat(limited.read("user_id=" + "%F0%9F%90%AB".repeat(256)).id()).isEqualTo("🐫".repeat(256));
        assertThatThrownBy(() -> limited.read("user_id=" + "a".repeat(257)))
                .hasMessage(
                        "query: user_id must be 1 to 256 characters and not blank, got '" + "a".repeat(50) + "...'");
        assertThatThrownBy(() -> limited.read("user_id=a%00"))
                .hasMessage("query: user_id must not hold the character 0, got 'a␀'");
    }

    @Test
    void theUserIsTakenAsItIs() {
        assertThat(limited.read("user_id=+a%0D%0A${x}+{{y}}+'\"").id()).isEqualTo(" a\r\n${x} {{y}} '\"");
    }

    @Test
    void itsLimitsAreChecked() {
        assertThatThrownBy(() -> new ReadUserRequest(6, 5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("read-user-request: defaultLimit must be 1 to 5, got '6'");
    }
}
