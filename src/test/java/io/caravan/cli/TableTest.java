package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void makesEveryColumnAsWideAsItsWidestCell() {
        Table table = new Table("sink", ">written", "state")
                .row("documents", "1,170", "ok")
                .row("graph", 0, "ok");

        assertThat(table.lines())
                .containsExactly("sink       written  state", "documents    1,170  ok", "graph            0  ok");
    }

    @Test
    void keepsDataFromSteeringTheTerminal() {
        Table table = new Table("key").row("a\u001b[2Jb\nc\u202ed");

        assertThat(table.lines()).containsExactly("key", "a?[2Jb?c?d");
    }
}
