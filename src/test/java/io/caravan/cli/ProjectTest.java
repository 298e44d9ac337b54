package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingFile;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where pipelines and settings are found. */
class ProjectTest {

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(SettingFile.FOLDERS);
    }

    @Test
    void pipelinesAreThoseOfTheProjectOfCaravanHomeAndOfTheFoldersNamed() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project/routes"));
        Path shared = Files.createDirectories(folder.resolve("shared/routes"));
        Path more = Files.createDirectories(folder.resolve("more"));
        assertThat(project("shared", "run", "--routes", "more", "--routes=./more")
                        .routes())
                .containsExactly(project, shared, more);
        assertThat(project(null).routes()).containsExactly(project);
    }

    @Test
    void theInstallationsOwnAreNotThereTwice() throws Exception {
        Files.createDirectories(folder.resolve("home/routes"));
        Path home = folder.resolve("home");
        assertThat(Project.of(home, home, folder, home.toString()).routes()).isEmpty();
    }

    @Test
    void aFolderThatIsNoneIsRefused() {
        assertThatThrownBy(() -> project("none"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: CARAVAN_HOME must be a folder, got 'none'");
        assertThatThrownBy(() -> project(null, "list", "--routes", "none"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: --routes must be a folder, got 'none'");
    }

    @Test
    void aDescriptionIsFoundByItsNameBelowTheRoutes() throws Exception {
        write("project/routes/orders/table.yaml", "mine");
        project(null).pipelines("routes");
        assertThat(SettingFile.read("sink", "table", "orders/table.yaml")).isEqualTo("mine");
        assertThatThrownBy(() -> SettingFile.read("sink", "table", "orders/other.yaml"))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void theProfileSaysMoreThanTheProjectAndTheMachineSaysMoreThanTheProfile() throws Exception {
        write("project/application.properties", """
                # orders: from files to the warehouse
                # the folder they are read from
                caravan.orders.input = all
                caravan.orders.limit = all
                caravan.orders.table = all
                """);
        write(
                "project/application-production.properties",
                "caravan.orders.limit=profile\ncaravan.orders.table=profile\n");
        write("project/caravan.properties", "caravan.orders.table=machine\n");
        Configuration with =
                project(null, "run", "orders", "--profile", "production").configuration();
        assertThat(with.parameters("orders"))
                .extracting(Configuration.Parameter::value)
                .containsExactly("all", "profile", "machine");
        assertThat(with.parameters("orders").get(0).description()).isEqualTo("the folder they are read from");
        assertThat(project(null).configuration().value("caravan.orders.limit")).contains("all");
        assertThatThrownBy(() -> project(null, "run", "--profile=other").configuration())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("application-other.properties");
    }

    @Test
    void aNameOfASettingThatCanOnlyBeAMistakeIsRefusedWithTheRightOne() throws Exception {
        write("project/application.properties", "caravan.ledgr.uri=x\ncaravan.api.prot=1\ncaravan.orders.input=a\n");
        assertThatThrownBy(() -> project(null).configuration())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("got 'caravan.ledgr.uri'; did you mean 'caravan.ledger.uri'?")
                .hasMessageContaining("got 'caravan.api.prot'; did you mean 'caravan.api.port'?")
                .hasMessageNotContaining("orders");
    }

    private Project project(String caravanHome, String... arguments) {
        return Project.of(folder.resolve("home"), folder.resolve("project"), folder, caravanHome, arguments);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }
}
