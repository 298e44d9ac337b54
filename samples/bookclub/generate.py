#!/usr/bin/env python3
"""Writes the spreadsheet of the bookclub demo, a CSV file a tab: invented books, people and clubs, the same each time."""
import csv
import datetime
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
BOOKS, MEMBERS, CLUBS, READS, CREATORS = 300, 40, 8, 1200, 90
IMAGES = "http://127.0.0.1:8917/covers/"
pick = random.Random(25)

ADJECTIVES = "Silent Amber Hollow Distant Paper Winter Salt Borrowed Crooked Northern Glass Hidden Second Iron Velvet Quiet Last Burning Blue Unwritten".split()
NOUNS = "Harbour Orchard Lantern Atlas River Garden Clock Cathedral Letter Mountain Island Mirror Station Archive Bridge Compass Library Meadow Tower Shore".split()
PLACES = "Aldmoor Brenna Castell Dunvar Eskil Farrow Girona Halden Istria Jarrow Kestrel Lorne Marrow Norrland Ostra".split()
FIRST = "Ada Bruno Chiara Dmitri Elif Farid Greta Hana Ivo Jun Kofi Leila Mateo Nadia Olek Priya Quinn Rosa Sami Tove Uma Viktor Wanda Ximena Yusuf Zoé".split()
LAST = "Abara Berg Castro Duarte Eriksen Fuchs Garnier Hoffmann Ito Jansen Kaya Lindqvist Moreau Novák Okafor Petrov Quist Rossi Sørensen Tanaka Ueda Varga Weiss Xu Yilmaz Zhang".split()
GENRES = ["Fantasy", "Mystery", "Science Fiction", "Historical", "Romance", "Essays", "Poetry", "Adventure", "Horror", "Travel", "Biography", "Short Stories"]
TAGS = ["slow-burn", "found family", "unreliable narrator", "sea", "winter", "debut", "prize-winner", "translated", "twist", "coming-of-age"]
COUNTRIES = [("Argentina", "South America"), ("Brazil", "South America"), ("France", "Europe"), ("Germany", "Europe"), ("Ghana", "Africa"), ("India", "Asia"), ("Italy", "Europe"), ("Japan", "Asia"), ("Mexico", "North America"), ("Norway", "Europe"), ("Poland", "Europe"), ("Türkiye", "Asia")]
LANGUAGES = [("English", "en"), ("Spanish", "es"), ("French", "fr"), ("German", "de"), ("Italian", "it"), ("Japanese", "ja")]
FORMATS = ["hardcover", "paperback", "ebook", "audiobook"]
PUBLISHERS = ["Alder & Finch", "Blackwater House", "Casa Norte", "Dovetail Press", "Ember Row", "Foxglove Books", "Gullwing", "Harrow Lane"]
STATUSES = [("rs1", "Read"), ("rs2", "Reading"), ("rs3", "Paused"), ("rs4", "To Read"), ("rs5", "DNF")]
TODAY = datetime.date(2026, 6, 30)


def day(first, last):
    return first + datetime.timedelta(days=pick.randrange((last - first).days + 1))


def write(tab, columns, rows):
    with open(os.path.join(HERE, tab + ".csv"), "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns.split())
        out.writerows(rows)


def some(values, least, most):
    return pick.sample(values, pick.randint(least, most))


def sentence():
    return "%s %s in %s finds a %s %s and the %s that comes with it" % (
        pick.choice(["A widowed", "A young", "A retired", "An anxious", "A stubborn", "A curious"]),
        pick.choice(["cartographer", "translator", "lighthouse keeper", "botanist", "pianist", "ferryman", "archivist", "baker"]),
        pick.choice(PLACES), pick.choice(ADJECTIVES).lower(), pick.choice(NOUNS).lower(),
        pick.choice(["debt", "secret", "promise", "rumour", "inheritance", "silence", "friendship"]))


creators = [("cr%d" % n, pick.choice(FIRST), pick.choice(LAST)) for n in range(1, CREATORS + 1)]
creators[1] = ("cr2",) + creators[0][1:]  # two people of one name
write("creators", "creator_id firstname lastname bio website roles",
      [(c, f, l, "%s lives in %s." % (f, pick.choice(PLACES)), "https://example.org/%s" % c, ", ".join(some(["Author", "Narrator", "Translator", "Illustrator"], 1, 2))) for c, f, l in creators])
write("creator_roles", "cr_id name", [("role%d" % n, r) for n, r in enumerate(["Author", "Narrator", "Translator", "Illustrator", "Editor"], 1)])
write("genres", "name", [(g,) for g in GENRES])
write("tags", "name", [(t,) for t in TAGS])
series = ["The %s %s" % (pick.choice(ADJECTIVES), n) for n in NOUNS[:12]]
write("book_series", "name date_added", [(s, day(datetime.date(2025, 1, 1), TODAY)) for s in series])
awards = [("aw%d" % n, "%s Prize" % p) for n, p in enumerate(PLACES[:6], 1)]
write("awards", "award_id name org description website categories statuses year_started year_ended",
      [(a, n, n.split()[0] + " Society", "Given every year in %s." % n.split()[0], "https://example.org/" + a, "Novel, Debut", "Winner, Shortlist", 1950 + 7 * i, "") for i, (a, n) in enumerate(awards)])
write("publishers", "name description url", [(p, "%s publishes fiction." % p, "https://example.org/" + p.split()[0].lower()) for p in PUBLISHERS])
write("formats", "format_id name", [("fm%d" % n, f) for n, f in enumerate(FORMATS, 1)])
write("languages", "language_id name code class", [("lg%d" % n, l, c, "natural") for n, (l, c) in enumerate(LANGUAGES, 1)])
write("countries", "country_id name continent", [("co%d" % n, c, k) for n, (c, k) in enumerate(COUNTRIES, 1)])

titles, books = set(), []
for n in range(1, BOOKS + 1):
    title = None
    while title is None or title in titles:
        title = "The %s %s%s" % (pick.choice(ADJECTIVES), pick.choice(NOUNS), pick.choice(["", "", " of " + pick.choice(PLACES)]))
    titles.add(title)
    in_series = pick.random() < 0.25
    award = "" if pick.random() < 0.9 else "award_id: %s; award_name: %s; award_category: Novel; year: %d; award_status: Winner" % (*pick.choice(awards), pick.randint(1990, 2025))
    books.append(("bk%d" % n, title, ",".join(c[0] for c in some(creators, 1, 2)), ", ".join(some(GENRES, 1, 3)), pick.choice(series) if in_series else "",
                  n % 5 + 1 if in_series else "", sentence() + ". " + sentence() + ".", day(datetime.date(1950, 1, 1), TODAY), "", award,
                  ", ".join(some(TAGS, 0, 3)), day(datetime.date(2025, 1, 1), TODAY)))
write("books", "book_id title author genre series series_index description first_publication_date contributors awards tags date_added", books)

versions = []
for n, book in enumerate(books + pick.sample(books, 150), 1):
    form = pick.choice(FORMATS)
    audio = form == "audiobook"
    isbn = "" if pick.random() < 0.1 else "978%010d" % (pick.randrange(10 ** 10))
    versions.append(("bv%d" % n, book[0], book[1], isbn, "" if isbn else "B%09d" % n, form, pick.choice(["", "1st", "2nd"]), day(datetime.date(1990, 1, 1), TODAY),
                     "" if audio else pick.randint(90, 800), round(pick.uniform(3, 20), 1) if audio else "", "", pick.choice(PUBLISHERS), pick.choice(LANGUAGES)[0],
                     pick.choice(creators)[0] if pick.random() < 0.2 else "", pick.choice(creators)[0] if audio else "", "", "", pick.choice(creators)[0] if pick.random() < 0.3 else "",
                     IMAGES + "bv%d.png" % n, day(datetime.date(2025, 1, 1), TODAY)))
write("book_versions", "version_id book_id title isbn_13 asin format edition release_date page_count length description publisher language translator narrator illustrator editors cover_artist cover_url date_added", versions)

clubs = [("cl%d" % n, "%s-readers" % p.lower(), "%s Readers" % p) for n, p in enumerate(PLACES[:CLUBS], 1)]
users = []
for n in range(1, MEMBERS + 1):
    first, last = pick.choice(FIRST), pick.choice(LAST)
    joined = some(clubs, 1, 3)
    users.append(("us%d" % n, "%s%d" % (first.lower().replace("é", "e"), n), first, last, "%s%d@example.org" % (first.lower().replace("é", "e"), n), "correct horse %d" % n,
                  day(datetime.date(1950, 1, 1), datetime.date(2005, 1, 1)), pick.choice(["female", "male", "other"]), pick.choice(PLACES), "", pick.choice(COUNTRIES)[0],
                  "Reads %s." % pick.choice(GENRES).lower(), "2025, %d | 2026, %d" % (pick.randint(5, 60), pick.randint(5, 60)),
                  "Night Owl, %s" % day(datetime.date(2025, 6, 1), TODAY) if pick.random() < 0.4 else "",
                  ", ".join(some(GENRES, 1, 3)), "", " | ".join("%s, %s, %s" % (c[0], pick.choice(["member", "moderator"]), day(datetime.date(2025, 1, 1), TODAY)) for c in joined),
                  day(datetime.date(2025, 1, 1), TODAY), day(datetime.date(2026, 1, 1), TODAY), "TRUE" if n == 1 else "FALSE"))
write("users", "user_id handle firstname lastname email_address password dob gender city state country bio reading_goal badges preferred_genres forbidden_genres clubs date_joined last_active_date is_admin", users)
write("read_statuses", "rstatus_id name", STATUSES)
write("user_badges", "name category tiers description", [("Night Owl", "habit", "bronze, 5, five nights | silver, 20, twenty nights", "Reads after midnight."), ("Globetrotter", "range", "bronze, 3, three countries", "Reads around the world.")])
write("club_badges", "name category tiers description", [("Founders", "age", "bronze, 1, one year", "A club of the first year.")])
write("user_roles", "role_id name permissions description", [("ro1", "admin", "pe1, pe2", "May do everything."), ("ro2", "reader", "pe2", "May read.")])
write("user_permissions", "permission_id name description", [("pe1", "manage", "May change things."), ("pe2", "read", "May look.")])

reads = []
for n in range(1, READS + 1):
    status = pick.choices(STATUSES, weights=[60, 12, 6, 17, 5])[0][0]
    started = day(datetime.date(2025, 1, 1), datetime.date(2026, 4, 1))
    ended = started + datetime.timedelta(days=pick.randint(2, 60))
    history = "rs3: %s, rs2: %s" % (started + datetime.timedelta(days=1), started + datetime.timedelta(days=2)) if status == "rs1" and pick.random() < 0.1 else ""
    reads.append(("ur%d" % n, pick.choice(users)[0], pick.choice(versions)[0], status, history, "" if status == "rs4" else started, ended if status in ("rs1", "rs5") else "",
                  pick.randint(1, 5) if status == "rs1" else "", "Loved it." if pick.random() < 0.1 else ""))
write("user_reads", "ur_id user_id version_id rstatus_id rstatus_history date_started date_completed rating notes", reads)

write("clubs", "club_id handle name creationdate preferred_genres description visibility rules moderators badges member_permissions join_requests created_by",
      [(c, h, n, day(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)), ", ".join(some(GENRES, 1, 2)), "A club in %s." % n.split()[0], pick.choice(["public", "private"]), "Be kind.",
        pick.choice(users)[0], "Founders, 2025-01-01", "read", "", pick.choice(users)[0]) for c, h, n in clubs])
members = sorted({(pick.choice(clubs)[0], u[0]) for u in users for _ in range(2)})
write("club_members", "club_id user_id role date_joined is_active", [(c, u, pick.choice(["member", "moderator"]), day(datetime.date(2025, 1, 1), TODAY), pick.choice(["TRUE", "TRUE", "FALSE"])) for c, u in members])
periods = [(c[0], "pr%d" % n) for n, c in enumerate((c for c in clubs for _ in range(3)), 1)]
write("club_reading_periods", "club_id period_id name description startdate enddate period_status max_books created_by",
      [(c, p, "Season %d" % (i % 3 + 1), "", datetime.date(2025, 1, 1) + datetime.timedelta(days=120 * (i % 3)), datetime.date(2025, 4, 30) + datetime.timedelta(days=120 * (i % 3)), "closed", 3, pick.choice(users)[0]) for i, (c, p) in enumerate(periods)])
write("club_period_books", "cpb_id club_id book_id period_id period_startdate period_enddate selected_by selection_method votes votes_startdate votes_enddate selection_status",
      [("pb%d" % n, c, pick.choice(books)[0], p, "2025-01-01", "2025-04-30", pick.choice(users)[0], "vote",
        "; ".join("user_id: %s, vote_date: %s" % (u[0], day(datetime.date(2025, 1, 1), datetime.date(2025, 2, 1))) for u in some(users, 1, 4)), "2025-01-01", "2025-02-01", pick.choice(["selected", "selected", "proposed"]))
       for n, (c, p) in enumerate((cp for cp in periods for _ in range(2)), 1)])
write("club_member_reads", "cmr_id club_id user_id book_id period_id read_date",
      [("mr%d" % n, c, u, pick.choice(books)[0], pick.choice([p for k, p in periods if k == c]), day(datetime.date(2025, 1, 1), TODAY)) for n, (c, u) in enumerate(members, 1)])
write("club_discussions", "club_id discussion_id topic_name topic_description created_by timestamp comments book_reference",
      [(c[0], "di%d" % n, "What did you make of it?", "", pick.choice(users)[0], "2025-05-%02d 18:30" % n, "user_id: %s; comment: The ending surprised me; timestamp: 2025-05-%02d 19:05" % (pick.choice(users)[0], n), pick.choice(books)[0]) for n, c in enumerate(clubs, 1)])
write("club_events", "event_id club_id name description type startdate enddate status created_by",
      [("ev%d" % n, c[0], "Summer meeting", "", "Meeting", "2025-07-%02d" % n, "2025-07-%02d" % n, "Done", pick.choice(users)[0]) for n, c in enumerate(clubs, 1)])
write("club_event_types", "et_id name category description", [("et1", "Meeting", "in person", ""), ("et2", "Reading", "online", "")])
write("club_event_statuses", "es_id name description", [("es1", "Planned", ""), ("es2", "Done", "")])
