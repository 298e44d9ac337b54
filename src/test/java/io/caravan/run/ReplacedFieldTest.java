package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step that puts what it makes into a field that the source has already says so. */
class ReplacedFieldTest {

    private static final String NOTE =
            "embed-text-action: into must name a field that the records do not have yet, got 'size'; the vector took the"
                    + " place of its value. If that is needed, name another field in 'into'";

    @TempDir
    Path folder;

    private ThingsRoute route;

    @BeforeEach
    void start() throws Exception {
        route = new ThingsRoute("embed-in-place", folder, TestStores.freshDatabase());
    }

    @AfterEach
    void stop() throws Exception {
        route.close();
    }

    @Test
    void aValueThatAVectorReplacesIsNotedOnceInARun() throws Exception {
        write("a.csv", "id,text,size\n1,one,7\n2,two,8\n");
        write("b.csv", "id,text,size\n3,three,9\n");
        RunReport run = route.run();
        assertThat(run.status()).as("%s", run.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.notes()).containsExactly(NOTE);
        assertThat(route.left.held).containsOnlyKeys("1", "2", "3");
        assertThat(route.run().notes()).as("nothing is new").isEmpty();
    }

    @Test
    void aPreviewNotesItToo() throws Exception {
        write("a.csv", "id,text,size\n1,one,7\n");
        assertThat(route.run(RunRequest.of(Mode.PREVIEW)).notes()).containsExactly(NOTE);
    }

    @Test
    void aFieldThatNobodyHasIsAddedWithoutANote() throws Exception {
        write("a.csv", "id,text\n1,one\n");
        RunReport run = route.run();
        assertThat(run.status()).as("%s", run.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.notes()).isEmpty();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
