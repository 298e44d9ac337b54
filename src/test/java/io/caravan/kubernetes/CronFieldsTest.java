package io.caravan.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A CronJob fires when Quartz would, or is refused. */
class CronFieldsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 30 2 * * ?       | 30 2 * * *",
                "0 0 3 ? * MON      | 0 3 * * MON",
                "0 0 20 ? * mon-fri | 0 20 * * MON-FRI",
                "0 0/15 8-17 * * ?  | 0/15 8-17 * * *",
                "0 0 3 ? * 1        | 0 3 * * 0",
                "0 0 3 ? * 2-6      | 0 3 * * 1-5",
                "0 0 3 ? * 1,7      | 0 3 * * 0,6",
                "0 0 3 ? * 2-6/2    | 0 3 * * 1-5/2",
                "0 30 16 10-20 * ? *| 30 16 10-20 * *"
            })
    void theFieldsAreThoseOfACronJob(String quartz, String kubernetes) {
        assertThat(CronFields.of("caravan.schedule.p.cron", quartz)).isEqualTo(kubernetes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 0 3 * * ?",
                "* * * * * ?",
                "0 0 3 L * ?",
                "0 0 3 ? * 6L",
                "0 0 3 ? * L",
                "0 0 3 ? * 2#1",
                "0 0 3 15W * ?",
                "0 0 3 * * ? 2027"
            })
    void whatACronJobCannotSayIsRefused(String quartz) {
        assertThatThrownBy(() -> CronFields.of("caravan.schedule.p.cron", quartz))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kubernetes: caravan.schedule.p.cron must ")
                .hasMessageContaining("got '" + quartz + "'");
    }

    @Test
    void namesAreThoseOfDnsAndOneForEach() {
        assertThat(Names.of("bcra_infomondia_series")).isEqualTo("caravan-bcra-infomondia-series");
        String long1 = "x".repeat(80) + "1";
        assertThat(Names.of(long1)).hasSizeLessThanOrEqualTo(52).isNotEqualTo(Names.of("x".repeat(80) + "2"));
    }
}
