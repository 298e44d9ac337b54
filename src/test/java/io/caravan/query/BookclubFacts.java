package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.record.Record;
import io.caravan.shape.BookclubSample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the book club's sample says, computed from its documents without a graph. */
final class BookclubFacts {

    private static final List<String> PERSONAL =
            List.of("lastname", "email_address", "password", "dob", "city", "bio", "notes");

    private final BookclubSample sample;
    private final Map<String, Map<String, Object>> books;
    private final Map<String, Map<String, Object>> versions;
    private final Map<String, Map<String, Object>> users;
    private final Map<String, Map<String, Object>> clubs;
    private final Collection<Map<String, Object>> members;
    private final Collection<Map<String, Object>> choices;
    private final Collection<Map<String, Object>> reads;
    private final Map<String, TreeSet<String>> read = new TreeMap<>();

    BookclubFacts(BookclubSample sample) {
        this.sample = sample;
        books = sample.documents("books");
        versions = sample.documents("book_versions");
        users = sample.documents("users");
        clubs = sample.documents("clubs");
        members = sample.documents("club_members").values();
        choices = sample.documents("club_period_books").values().stream()
                .filter(choice -> "selected".equals(choice.get("selection_status")))
                .toList();
        reads = sample.documents("user_reads").values();
        users.keySet().forEach(user -> read.put(user, new TreeSet<>()));
        reads.forEach(one -> read.get(text(one, "user_id")).add(bookOf(one)));
    }

    Set<String> users() {
        return new TreeSet<>(users.keySet());
    }

    List<Map<String, Object>> similar(String me) {
        return neighbours(me).stream()
                .map(other -> {
                    TreeSet<String> shared = shared(me, other);
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("user_id", other);
                    answer.put("shared_books", shared.size());
                    answer.put(
                            "score",
                            rounded(1.0
                                    * shared.size()
                                    / (read.get(me).size() + read.get(other).size() - shared.size())));
                    answer.put(
                            "books", shared.stream().limit(5).map(this::title).toList());
                    return answer;
                })
                .toList();
    }

    private List<String> neighbours(String me) {
        return users().stream()
                .filter(other -> !other.equals(me) && !shared(me, other).isEmpty())
                .sorted(Comparator.<String>comparingInt(
                                other -> -shared(me, other).size())
                        .thenComparing(other -> other))
                .toList();
    }

    private TreeSet<String> shared(String me, String other) {
        TreeSet<String> shared = new TreeSet<>(read.get(me));
        shared.retainAll(read.get(other));
        return shared;
    }

    /** A way to a book: what it gives, its nodes between the user and the book. */
    private record Way(String through, double score, List<Map<String, String>> via, List<String> relationships) {}

    List<Map<String, Object>> recommended(String me) {
        Map<String, List<Way>> ways = new TreeMap<>();
        readersAlike(me, ways);
        for (String book : books.keySet()) {
            clubsThatChose(me, book, ways);
            genres(me, book, ways);
        }
        ways.keySet().removeAll(read.get(me));
        List<String> avoided = list(users.get(me), "forbidden_genres");
        ways.keySet().removeIf(book -> list(books.get(book), "genre").stream().anyMatch(avoided::contains));
        return ways.entrySet().stream()
                .map(entry -> recommended(me, entry.getKey(), entry.getValue()))
                .sorted(Comparator.<Map<String, Object>>comparingDouble(a -> -(Double) a.get("score"))
                        .thenComparing(a -> (String) a.get("book_id")))
                .toList();
    }

    private Map<String, Object> recommended(String me, String book, List<Way> ways) {
        ways.sort(Comparator.<Way>comparingDouble(way -> -way.score()).thenComparing(Way::through));
        Map<String, Object> answer = new LinkedHashMap<>(title(book));
        answer.put("score", rounded(ways.stream().mapToDouble(Way::score).sum()));
        answer.put(
                "paths",
                ways.stream()
                        .map(way -> {
                            List<Map<String, String>> nodes = new ArrayList<>(List.of(node("User", me)));
                            nodes.addAll(way.via());
                            nodes.add(node("Book", book));
                            Map<String, Object> path = new LinkedHashMap<>();
                            path.put("through", way.through());
                            path.put("nodes", nodes);
                            path.put("relationships", way.relationships());
                            return path;
                        })
                        .toList());
        return answer;
    }

    private void readersAlike(String me, Map<String, List<Way>> ways) {
        Map<String, Double> scores = new TreeMap<>();
        Map<String, String> first = new TreeMap<>();
        for (String other : neighbours(me).stream().limit(10).toList()) {
            Set<String> theirs = pairs(other).entrySet().stream()
                    .filter(pair -> Set.of("Read", "Reading").contains(status(pair.getValue())))
                    .map(pair -> text(versions.get(pair.getKey()), "book_id"))
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String book : theirs) {
                scores.merge(book, 1.0 * shared(me, other).size() / read.get(me).size(), Double::sum);
                first.putIfAbsent(book, other);
            }
        }
        scores.forEach((book, score) -> add(
                ways,
                book,
                new Way(
                        "readers",
                        score,
                        List.of(node("Book", shared(me, first.get(book)).first()), node("User", first.get(book))),
                        List.of("USER_READ", "USER_READ", "USER_READ"))));
    }

    private void clubsThatChose(String me, String book, Map<String, List<Way>> ways) {
        TreeSet<String> mine = new TreeSet<>();
        choices.stream()
                .filter(choice -> book.equals(choice.get("book_id")) && isMember(me, text(choice, "club_id")))
                .forEach(choice -> mine.add(text(choice, "club_id")));
        if (mine.isEmpty()) return;
        List<String> types = List.of("MEMBER_OF_CLUB", "SELECTED_FOR_PERIOD");
        add(ways, book, new Way("clubs", 0.5 * mine.size(), List.of(node("Club", mine.first())), types));
    }

    private void genres(String me, String book, Map<String, List<Way>> ways) {
        TreeSet<String> preferred = new TreeSet<>(list(users.get(me), "preferred_genres"));
        preferred.retainAll(list(books.get(book), "genre"));
        if (preferred.isEmpty()) return;
        List<String> types = List.of("PREFERS_GENRE", "HAS_GENRE");
        add(ways, book, new Way("genres", 0.25 * preferred.size(), List.of(node("Genre", preferred.first())), types));
    }

    private static void add(Map<String, List<Way>> ways, String book, Way way) {
        ways.computeIfAbsent(book, any -> new ArrayList<>()).add(way);
    }

    List<Map<String, Object>> clubs(String me) {
        return clubs.keySet().stream()
                .sorted()
                .filter(club -> isMember(me, club))
                .map(club -> {
                    Map<String, Object> member = members.stream()
                            .filter(m -> me.equals(m.get("user_id")) && club.equals(m.get("club_id")))
                            .findFirst()
                            .orElseThrow();
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("club_id", club);
                    answer.put("name", clubs.get(club).get("name"));
                    answer.put("role", member.get("role"));
                    answer.put("is_active", member.get("is_active"));
                    answer.put("books", chosen(club));
                    return answer;
                })
                .toList();
    }

    private List<Map<String, Object>> chosen(String club) {
        Map<String, Instant> latest = new TreeMap<>();
        choices.stream()
                .filter(choice -> club.equals(choice.get("club_id")))
                .forEach(choice -> latest.merge(
                        text(choice, "book_id"),
                        (Instant) choice.get("period_startdate"),
                        (a, b) -> a.isAfter(b) ? a : b));
        return latest.entrySet().stream()
                .sorted(Map.Entry.<String, Instant>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(5)
                .map(entry -> title(entry.getKey()))
                .toList();
    }

    private boolean isMember(String user, String club) {
        return members.stream().anyMatch(m -> user.equals(m.get("user_id")) && club.equals(m.get("club_id")));
    }

    List<Map<String, Object>> readers(String book) {
        List<Map<String, Object>> readers = new ArrayList<>();
        for (String user : users()) {
            Map<String, List<Map<String, Object>>> pairs = pairs(user);
            pairs.keySet().removeIf(version -> !book.equals(text(versions.get(version), "book_id")));
            if (pairs.isEmpty()) continue;
            assertThat(pairs)
                    .as("the books that are asked for have one version a reader")
                    .hasSize(1);
            List<Map<String, Object>> pair = pairs.values().iterator().next();
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("user_id", user);
            answer.put("status", status(pair));
            double mean = pair.stream()
                    .map(one -> one.get("rating"))
                    .filter(Objects::nonNull)
                    .mapToLong(rating -> (Long) rating)
                    .average()
                    .orElse(-1);
            answer.put("rating", mean < 0 ? null : rounded(mean));
            readers.add(answer);
        }
        readers.sort(Comparator.comparingDouble(a -> -(a.get("rating") == null ? -1 : (Double) a.get("rating"))));
        return readers;
    }

    /** The book of the best rating, of the latest reading among these. */
    String favourite(String user) {
        Map<String, List<Map<String, Object>>> pairs = pairs(user);
        pairs.values().removeIf(pair -> !"Read".equals(status(pair)) || pair.size() > 1);
        String version = pairs.entrySet().stream()
                .max(Comparator.comparing(
                        entry -> (Long) entry.getValue().get(0).getOrDefault("rating", 0L)))
                .orElseThrow()
                .getKey();
        return text(versions.get(version), "book_id");
    }

    /** What nobody may hear. */
    Set<String> personal() {
        Set<String> personal = new TreeSet<>();
        for (Record row : sample.rows("users")) {
            for (String field : PERSONAL) {
                row.get(field).map(Object::toString).filter(v -> v.length() > 4).ifPresent(personal::add);
            }
        }
        // invented places name clubs and books too
        personal.removeIf(
                value -> books.values().stream().anyMatch(b -> text(b, "title").contains(value))
                        || clubs.values().stream().anyMatch(c -> text(c, "name").contains(value)));
        return personal;
    }

    /** That each step of a path is in the documents. */
    void assertTrue(JsonNode path) {
        JsonNode nodes = path.get("nodes");
        JsonNode types = path.get("relationships");
        assertThat(types).hasSize(nodes.size() - 1);
        for (int i = 0; i < types.size(); i++) {
            String a = nodes.get(i).get("id").asText();
            String b = nodes.get(i + 1).get("id").asText();
            boolean holds =
                    switch (types.get(i).asText()) {
                        case "USER_READ" ->
                            read.containsKey(a)
                                    ? read.get(a).contains(b)
                                    : read.get(b).contains(a);
                        case "MEMBER_OF_CLUB" -> isMember(a, b);
                        case "SELECTED_FOR_PERIOD" ->
                            choices.stream().anyMatch(c -> a.equals(c.get("club_id")) && b.equals(c.get("book_id")));
                        case "PREFERS_GENRE" ->
                            list(users.get(a), "preferred_genres").contains(b);
                        case "HAS_GENRE" -> list(books.get(b), "genre").contains(a);
                        default -> false;
                    };
            assertThat(holds).as(path.toString()).isTrue();
        }
    }

    /** What the user read or reads. */
    Set<String> versions(String user) {
        return new TreeSet<>(pairs(user).keySet());
    }

    /** By version: the user's reads of it. */
    private Map<String, List<Map<String, Object>>> pairs(String user) {
        return reads.stream()
                .filter(one -> user.equals(one.get("user_id")))
                .collect(Collectors.groupingBy(one -> text(one, "version_id"), TreeMap::new, Collectors.toList()));
    }

    /** All of a pair say the same of it. */
    private static String status(List<Map<String, Object>> pair) {
        return (String) ((Map<?, ?>) pair.get(0).get("all_reads")).get("rstatus");
    }

    private String bookOf(Map<String, Object> one) {
        return text(versions.get(text(one, "version_id")), "book_id");
    }

    private Map<String, Object> title(String book) {
        Map<String, Object> title = new LinkedHashMap<>();
        title.put("book_id", book);
        title.put("title", books.get(book).get("title"));
        return title;
    }

    private static Map<String, String> node(String label, String id) {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("label", label);
        node.put("id", id);
        return node;
    }

    private static List<String> list(Map<String, Object> document, String field) {
        Object value = document.get(field);
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(Object::toString).toList();
    }

    private static String text(Map<String, Object> document, String field) {
        return (String) document.get(field);
    }

    private static double rounded(double value) {
        return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).doubleValue();
    }
}
