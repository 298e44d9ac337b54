package io.caravan.bookclub;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.http.ApiServer;
import io.caravan.image.Pictures;
import io.caravan.sheets.SheetsStub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;

/** A book club's spreadsheet of a few rows a tab, with a server of its covers: each tab that the pipelines read, each reference among them. */
final class Spreadsheet implements AutoCloseable {

    static final int BOOKS = 6;
    static final int USERS = 5;
    static final int CLUBS = 3;

    /** Cells are parted by semicolons; COVERS is where the covers are. */
    private static final String TABS = """
            creators: creator_id; firstname; lastname; bio; website; roles
            c1; Ana; Silva; ; ; Author
            c2; Bo; Lind; ; ; Author
            c3; Cy; Moor; ; ; Narrator
            creator_roles: cr_id; name
            role1; Author
            role2; Narrator
            genres: name
            Novel
            Essay
            tags: name
            slow
            fast
            book_series: name; date_added
            Harbour; 2026-01-01
            Atlas; 2026-01-02
            awards: award_id; name; org
            aw1; Aldmoor Prize; Aldmoor
            aw2; Norrland Prize; Norrland
            publishers: name; description
            Row; Prints
            Quay; Prints too
            formats: format_id; name
            fm1; paperback
            fm2; audiobook
            languages: language_id; name; code
            lg1; English; en
            lg2; Spanish; es
            read_statuses: rstatus_id; name
            rs1; Read
            rs2; Reading
            user_badges: name; category
            Night Owl; habit
            Early Bird; habit
            user_roles: role_id; name; permissions
            ro1; admin; pe1
            ro2; reader; pe2
            user_permissions: permission_id; name
            pe1; manage
            pe2; read
            club_reading_periods: club_id; period_id; name; startdate; enddate; period_status
            cl1; pr1; Season 1; 2026-01-01; 2026-02-01; closed
            cl2; pr1; Season 1; 2026-01-01; 2026-02-01; closed
            club_period_books: cpb_id; club_id; book_id; period_id; selected_by; selection_status; period_startdate; period_enddate; votes_startdate; votes_enddate
            pb1; cl1; b1; pr1; us1; selected; 2026-01-01; 2026-02-01; 2025-12-01; 2025-12-09
            pb2; cl2; b2; pr1; us2; selected; 2026-01-01; 2026-02-01; 2025-12-01; 2025-12-09
            club_member_reads: cmr_id; club_id; user_id; book_id; period_id; read_date
            mr1; cl1; us1; b1; pr1; 2026-01-09
            mr2; cl2; us2; b2; pr1; 2026-01-10
            club_discussions: club_id; discussion_id; topic_name; created_by; timestamp; book_reference
            cl1; di1; The end; us1; 2026-01-11 10:00; b1
            cl2; di1; The start; us2; 2026-01-11 11:00; b2
            club_events: event_id; club_id; name; type; startdate; enddate; status; created_by
            ev1; cl1; Meeting; Evening; 2026-01-12; 2026-01-12; Done; us1
            ev2; cl2; Meeting; Evening; 2026-01-13; 2026-01-13; Done; us2
            club_event_types: et_id; name; category
            et1; Evening; in person
            et2; Call; online
            club_event_statuses: es_id; name
            es1; Done
            es2; Planned
            club_badges: name; category
            Founders; age
            Old Hands; age
            countries: country_id; name; continent
            co1; Chile; South America
            co2; Ghana; Africa
            """;

    final SheetsStub sheets = new SheetsStub();
    private final ApiServer covers = new ApiServer(Spreadsheet::cover);

    Spreadsheet() {
        fill();
    }

    /** Makes every tab what it is at first. */
    void fill() {
        sheets.tabs.clear();
        String tab = "";
        for (String line : TABS.split("\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                tab = line.substring(0, colon);
                sheets.tabs.put(tab, new ArrayList<>());
            }
            row(tab, line.substring(colon > 0 ? colon + 2 : 0).split("; ", -1));
        }
        header(
                "books",
                "book_id;title;author;genre;series;series_index;description;tags;awards;date_added;first_publication_date");
        header(
                "book_versions",
                "version_id;book_id;title;isbn_13;format;page_count;publisher;language;narrator;cover_url;asin;release_date;date_added");
        for (int i = 1; i <= BOOKS; i++) {
            String id = "b" + i;
            row(
                    "books",
                    id,
                    "Title " + i,
                    "c" + (1 + i % 2),
                    i % 2 == 0 ? "Novel" : "Novel, Essay",
                    i < 3 ? "Harbour" : "",
                    i < 3 ? i : "",
                    "red green " + i,
                    "slow",
                    i == 1
                            ? "award_id: aw1; award_name: x; award_category: Novel; year: 2020; award_status: Winner"
                            : "",
                    "2026-01-01",
                    "");
            row(
                    "book_versions",
                    "v" + i,
                    id,
                    "Title " + i,
                    "978000000000" + i,
                    "paperback",
                    100 + i,
                    "Row",
                    "English",
                    "c3",
                    coverUrl(id),
                    "",
                    "",
                    "");
        }
        header(
                "users",
                "user_id;handle;firstname;lastname;email_address;password;dob;gender;city;state;country;bio;clubs;badges;"
                        + "preferred_genres;date_joined;is_admin;last_active_date");
        header("user_reads", "ur_id;user_id;version_id;rstatus_id;date_started;date_completed;rating;notes");
        for (int i = 1; i <= USERS; i++) {
            row(
                    "users",
                    "us" + i,
                    "user" + i,
                    "First" + i,
                    "Last" + i,
                    "mail" + i + "@canary.example",
                    i == 1 ? "canary word 1" : "",
                    "1990-01-1" + i,
                    "canarygender" + i,
                    "canarycity" + i,
                    "canarystate" + i,
                    i % 2 == 0 ? "Chile" : "Ghana",
                    "I read",
                    "cl" + (1 + i % CLUBS) + ", member, 2026-01-02",
                    "Night Owl, 2026-01-03",
                    "Novel",
                    "2026-01-01",
                    i == 1,
                    "");
            row("user_reads", "r" + i, "us" + i, "v" + i, "rs1", "2026-01-01", "2026-01-1" + i, i, "fine");
            row("user_reads", "s" + i, "us" + i, "v" + (1 + i % BOOKS), "rs2", "2026-02-01", "", "", "");
        }
        header(
                "clubs",
                "club_id;handle;name;creationdate;preferred_genres;description;visibility;moderators;badges;created_by");
        header("club_members", "club_id;user_id;role;date_joined;is_active");
        for (int i = 1; i <= CLUBS; i++) {
            row(
                    "clubs",
                    "cl" + i,
                    "club" + i,
                    "Club " + i,
                    "2026-01-01",
                    "Novel",
                    "Reads",
                    "public",
                    "us1",
                    "Founders, 2026-01-01",
                    "us1");
        }
        for (int i = 1; i <= USERS; i++)
            row("club_members", "cl" + (1 + i % CLUBS), "us" + i, "member", "2026-01-02", true);
    }

    /** What it is in a round: every tab that matters is other than in the round before, books come and go, members move. */
    void fill(int round) {
        fill();
        set("creators", "c" + (1 + round % 2), "lastname", "Name " + round / 2);
        set("tags", "fast", "name", "tag " + round % 3);
        for (int i = 1; i <= BOOKS; i++) {
            int form = (i + round) / 2;
            set("books", "b" + i, "title", "Title " + form);
            set("books", "b" + i, "description", form % 2 == 0 ? "red blue" : "blue green");
            set("book_versions", "v" + i, "cover_url", coverUrl("b" + i + "-" + form));
        }
        for (int i = 1; i <= USERS; i++) {
            int form = (i + round) / 2;
            set("users", "us" + i, "email_address", "mail" + form + "@canary.example");
            set("users", "us" + i, "city", "canarycity" + form);
            set("users", "us" + i, "country", form % 2 == 0 ? "Chile" : "Ghana");
            set("users", "us" + i, "clubs", "cl" + (1 + form % CLUBS) + ", member, 2026-01-02");
            set("user_reads", "r" + i, "rating", 1 + form % 5);
            sheets.tabs.get("club_members").get(i).set(0, "cl" + (1 + form % CLUBS));
        }
        removeBook(3 + round % (BOOKS - 2));
    }

    /** A book that no club chose, with what names it. */
    void removeBook(int number) {
        remove("books", "b" + number);
        remove("book_versions", "v" + number);
        sheets.tabs.get("user_reads").removeIf(row -> row.get(2).equals("v" + number));
    }

    /** Of a book, by the name of its picture. */
    String coverUrl(String name) {
        return covers.url("/" + name + ".png");
    }

    String coversHost() {
        return "127.0.0.1:" + covers.port();
    }

    private void header(String tab, String columns) {
        sheets.tabs.put(tab, new ArrayList<>());
        row(tab, (Object[]) columns.split(";"));
    }

    /** Adds a row. */
    void row(String tab, Object... cells) {
        sheets.tabs.get(tab).add(new ArrayList<>(Arrays.asList(cells)));
    }

    private int at(String tab, String id) {
        List<List<Object>> rows = sheets.tabs.get(tab);
        for (int i = 1; i < rows.size(); i++) if (rows.get(i).get(0).equals(id)) return i;
        throw new NoSuchElementException(tab + " " + id);
    }

    boolean has(String tab, String id) {
        return sheets.tabs.get(tab).stream().anyMatch(row -> row.get(0).equals(id));
    }

    /** Changes a cell of the first row with this in its first column. */
    void set(String tab, String id, String column, Object value) {
        List<List<Object>> rows = sheets.tabs.get(tab);
        rows.get(at(tab, id)).set(rows.get(0).indexOf(column), value);
    }

    /** A member goes to another club. */
    void move(String user, String club) {
        sheets.tabs.get("club_members").stream()
                .filter(row -> row.get(1).equals(user))
                .forEach(row -> row.set(0, club));
    }

    List<Object> remove(String tab, String id) {
        return sheets.tabs.get(tab).remove(at(tab, id));
    }

    private static void cover(HttpExchange exchange) throws IOException {
        byte[] png = Pictures.png(exchange.getRequestURI().getPath().hashCode() & 0xFFFFFF);
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, png.length);
        exchange.getResponseBody().write(png);
    }

    @Override
    public void close() {
        sheets.close();
        covers.close();
    }
}
