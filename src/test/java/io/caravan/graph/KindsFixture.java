package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.Session;

/** A small book club: books, people who write them, members, clubs and what members read. */
final class KindsFixture {

    static final String MAPPING = """
            records:
              - kind: books
                record: book
                nodes:
                  book: { label: Book, key: _id, properties: { title: title, embedding: embedding, series: series.name } }
                  author: { label: Creator, key: _id, for: author }
                  contributor: { label: Creator, key: _id, for: contributors }
                  genre: { label: Genre, key: _id, field: genre }
                  award: { label: Award, key: _id, for: awards }
                relationships:
                  - { from: book, type: AUTHORED_BY, to: author }
                  - { from: book, type: CONTRIBUTED_BY, to: contributor, properties: { as: as } }
                  - { from: book, type: HAS_GENRE, to: genre }
                  - { from: book, type: HAS_AWARD, to: award, properties: { year: year, status: status } }
              - kind: genres
                record: genre
                nodes:
                  genre: { label: Genre, key: _id, properties: { name: name } }
              - kind: creators
                record: creator
                nodes:
                  creator: { label: Creator, key: _id, properties: { name: name } }
              - kind: clubs
                record: club
                nodes:
                  club: { label: Club, key: _id, properties: { name: name } }
              - kind: users
                record: user
                nodes:
                  user: { label: User, key: _id, properties: { bio: bio } }
                  club: { label: Club, key: _id, for: clubs }
                relationships:
                  - { from: user, type: MEMBER_OF, to: club, properties: { role: role } }
              - kind: user_reads
                record: read
                nodes:
                  read: { label: UserRead, key: _id, properties: { status: rstatus, at: at, rating: rating } }
                  user: { label: User, key: _id, field: user_id }
                  book: { label: Book, key: _id, field: book_id }
                relationships:
                  - { from: user, type: LOGGED, to: read }
                  - { from: read, type: OF_BOOK, to: book }
                  - from: user
                    type: USER_READ
                    to: book
                    properties:
                      status: { last: status, by: at, order: [Read, Reading] }
                      most_recent_read: { latest: at }
                      read_count: { count: status, of: [Read] }
                      avg_rating: { average: rating }
                      statuses: { list: status }
                  - from: user
                    types: { Read: HAS_READ, Reading: IS_READING }
                    by: { last: status, by: at, order: [Read, Reading] }
                    to: book
                    properties: { avg_rating: { average: rating } }
            indexes:
              - { label: Book, property: title }
              - { label: Book, property: embedding, name: book_description_vector, vector: cosine }
            """;

    private KindsFixture() {}

    static Neo4jSink sink() {
        Endpoint e = TestNeo4j.endpoint();
        try {
            Path mapping = Files.writeString(Files.createTempFile("graph", ".yaml"), MAPPING);
            Neo4jSink sink = knownTo(new Neo4jSink(
                    "graph", e.uri(), e.user(), e.password(), "neo4j", mapping.toString(), 10_000, 60_000));
            Files.delete(mapping);
            return sink;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static void empty() {
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) DETACH DELETE n").consume();
        }
    }

    /** Names and values by turns. */
    static Record record(String kind, String id, Object... fields) {
        List<String> names = new ArrayList<>(List.of("_kind", "_id"));
        List<Object> values = new ArrayList<>(List.of(kind, id));
        for (int i = 0; i < fields.length; i += 2) {
            names.add((String) fields[i]);
            values.add(fields[i + 1]);
        }
        return Record.read(key(kind, id), new Fields(names), values.toArray(), new Origin("main", 1), Hash.NONE);
    }

    static Record gone(String kind, String id) {
        return Record.tombstone(key(kind, id), Fields.of("_kind", "_id"), new Object[] {kind, id}, 1);
    }

    static String key(String kind, String id) {
        return Keys.join(List.of(kind, id));
    }

    /** Maps with an {@code _id}. */
    static List<Map<String, Object>> ids(String... ids) {
        return Arrays.stream(ids).map(id -> Map.<String, Object>of("_id", id)).toList();
    }
}
