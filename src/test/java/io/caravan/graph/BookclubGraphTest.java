package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The book club's mapping names what its reference has. */
class BookclubGraphTest {

    private static final GraphMappings MAPPINGS = GraphMappingsReader.read("classpath:routes/bookclub/graph.yaml");

    @Test
    void hasEveryLabelOfTheReference() {
        assertThat(MAPPINGS.nodes().map(GraphMapping.Node::label).collect(Collectors.toSet()))
                .contains(
                        "Book",
                        "BookVersion",
                        "BookSeries",
                        "Genre",
                        "Award",
                        "Publisher",
                        "Format",
                        "Language",
                        "CreatorRole",
                        "Country",
                        "UserBadge",
                        "ClubBadge",
                        "Creator",
                        "User",
                        "Club");
    }

    @Test
    void hasEveryRelationshipOfTheReferenceAndTheTwoOfTheirOwnNames() {
        Set<String> types = new TreeSet<>();
        for (GraphMapping mapping : MAPPINGS.all()) {
            mapping.direct().forEach(direct -> types.add(direct.type()));
            mapping.derived().forEach(derived -> derived.kinds().forEach(kind -> types.add(kind.type())));
        }
        assertThat(types)
                .contains(
                        "HAS_GENRE",
                        "VERSION_OF",
                        "ENTRY_IN",
                        "AUTHORED_BY",
                        "NARRATED_BY",
                        "COVER_ART_BY",
                        "ILLUSTRATION_BY",
                        "TRANSLATED_BY",
                        "PUBLISHED_BY",
                        "HAS_LANGUAGE",
                        "HAS_FORMAT",
                        "HAS_ROLE",
                        "MEMBER_OF",
                        "LIVES_IN",
                        "PREFERS_GENRE",
                        "AVOIDS_GENRE",
                        "HAS_BADGE",
                        "HAS_AWARD",
                        "SELECTED_FOR_PERIOD",
                        "HAS_READ",
                        "IS_READING",
                        "HAS_PAUSED",
                        "WANTS_TO_READ",
                        "DID_NOT_FINISH",
                        "USER_READ",
                        "MEMBER_OF_CLUB");
    }

    @Test
    void everyNodeIsKnownByItsIdAlone() {
        assertThat(MAPPINGS.nodes()).allMatch(node -> node.key().equals("_id") && node.pending());
    }
}
