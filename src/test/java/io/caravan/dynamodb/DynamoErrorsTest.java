package io.caravan.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.http.ApiServer;
import io.caravan.source.RunLock.Asker;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers that the peers never give, in the words of DynamoDB's API reference. */
class DynamoErrorsTest {

    @Test
    void throttlingAndTroubleOfItsOwnAreWorthAnotherRun() throws Exception {
        for (String code :
                new String[] {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"
                }) {
            assertThatThrownBy(() -> answered(400, code))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageMatching("lock: endpoint must lead to Amazon DynamoDB that answers, got"
                            + " 'http://127.0.0.1:\\d+' \\((400 " + code + "|no answer in time)\\);.*");
        }
        assertThatThrownBy(() -> answered(500, "InternalServerError")).isInstanceOf(UnavailableException.class);
    }

    @Test
    void whoeverIsRefusedIsToldWhichSettingsToCorrect() throws Exception {
        assertThatThrownBy(() -> answered(400, "AccessDeniedException"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("lock: access denied for an access key at http://127.0.0.1:\\d+ \\(400"
                        + " AccessDeniedException\\); grant it the rights it needs, or correct 'aws_access_key_id' and"
                        + " 'aws_secret_access_key'");
        assertThatThrownBy(() -> answered(400, "UnrecognizedClientException"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("lock: authentication failed for an access key at .*");
    }

    @Test
    void settingsAreCheckedTogether() {
        assertThatThrownBy(() -> new DynamoLock(
                        "a table", " ", new DynamoAccess("", "", "", ""), Duration.ofMillis(10), Duration.ofSeconds(2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lock: table_name must name a table of DynamoDB, got 'a table'")
                .hasMessageContaining("lock: key must have 1 to 1024 characters")
                .hasMessageContaining("lock: timeout_seconds must be 1 to 86400, got '0'")
                .hasMessageContaining("lock: clock_skew_seconds must be less than a third of timeout_seconds");
        assertThatThrownBy(() -> new DynamoAccess("", "", "key", ""))
                .hasMessage("lock: aws_secret_access_key must be there with aws_access_key_id, got 'none'");
        assertThat(new DynamoAccess("http://h:1", "", "key", "secret").toString())
                .doesNotContain("secret");
    }

    private static void answered(int status, String code) throws Exception {
        try (ApiServer server = new ApiServer(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            ApiServer.answer(
                    exchange,
                    status,
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\",\"message\":\"as told\"}");
        })) {
            String url = server.url("");
            DynamoAccess access = new DynamoAccess(url.replaceFirst("/$", ""), "us-east-1", "key", "secret");
            TestContext.knownTo(new DynamoLock("locks", "k", access, Duration.ofMinutes(1), Duration.ofSeconds(2)))
                    .acquire(new Asker("run", "p", p -> false, Optional.empty(), () -> 0, n -> {}));
        }
    }
}
