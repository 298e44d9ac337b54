package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoBookclubTest {

    @Test
    void aPathIsShownByWhatItLeadsThroughAndABookByItsTitle() {
        Map<String, Object> path = Map.of(
                "through",
                "readers",
                "nodes",
                List.of(
                        Map.of("label", "User", "id", "sami2"),
                        Map.of("label", "Book", "id", "bk170"),
                        Map.of("label", "User", "id", "hana36"),
                        Map.of("label", "Book", "id", "bk161")),
                "relationships",
                List.of("USER_READ", "USER_READ", "USER_READ"));

        assertThat(DemoBookclub.shown(List.of(path, path)))
                .isEqualTo("readers (bk170, hana36), readers (bk170, hana36)");
        assertThat(DemoBookclub.shown(List.of(Map.of("book_id", "bk28", "title", "The Amber Atlas"))))
                .isEqualTo("The Amber Atlas");
        assertThat(DemoBookclub.shown(0.5)).isEqualTo(0.5);
    }
}
