package io.caravan.cli;

import io.caravan.observation.Observations;
import io.caravan.page.Page;
import io.caravan.record.Record;
import io.caravan.version.Manifest;
import io.caravan.version.Versions;
import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A version of a dataset as one page that needs nothing else: a line for each series, in which months it has points, and what the
 * versions brought and revised. Everything of the data is text in it, and nothing runs.
 */
final class DatasetPage {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 120;
    /** More would not be seen. */
    private static final int MOST_VERSIONS = 100;

    private static final int MOST_REVISIONS = 500;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter(Locale.ROOT);

    private static final String STYLE = """
            polyline { fill: none; stroke: #2a78d6; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
            .months td { width: 2.2em; height: 1.4em; padding: 0; text-align: center; background: #2a78d6; border: 2px solid Canvas; }
            .months td.none { background: #8882; }
            """;

    private final String dataset;
    private final String version;
    private long unplaced; // whose time or value nobody can draw
    private final Map<String, Line> lines = new TreeMap<>();

    /** The points of a series, in the order of their times. */
    private static final class Line {
        private final List<double[]> points = new ArrayList<>();
        private final TreeMap<YearMonth, Integer> months = new TreeMap<>();
        private Record newest;
        private String first = "";
    }

    DatasetPage(String dataset, String version) {
        this.dataset = dataset;
        this.version = version;
    }

    /** They come series by series in the order of their times. */
    void add(Record point) {
        Line line = lines.computeIfAbsent(text(point, Observations.SERIES), code -> new Line());
        String time = text(point, Observations.TIME);
        if (line.newest == null) line.first = time;
        line.newest = point;
        try {
            TemporalAccessor at = TIME.parseBest(time, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            line.months.merge(YearMonth.from(at), 1, Integer::sum);
            line.points.add(new double[] {seconds(at), Double.parseDouble(text(point, Observations.VALUE))});
        } catch (DateTimeParseException e) {
            unplaced++;
        } catch (NumberFormatException e) {
            unplaced++;
        }
    }

    private static double seconds(TemporalAccessor at) {
        if (at instanceof OffsetDateTime time) return time.toEpochSecond();
        if (at instanceof LocalDateTime time) return time.toEpochSecond(ZoneOffset.UTC);
        return ((LocalDate) at).toEpochDay() * 86_400.0;
    }

    void write(Appendable out, Versions versions) throws IOException {
        out.append(Page.head(dataset, STYLE));
        out.append("<h1>" + html(dataset) + "</h1>\n<p>" + html(version) + ", published "
                + html(versions.manifest(version).createdAt())
                + (unplaced == 0 ? "" : "; " + Figures.count(unplaced) + " points have no number to draw") + "</p>\n");
        for (Map.Entry<String, Line> line : lines.entrySet()) series(out, line.getKey(), line.getValue());
        versions(out, versions);
        out.append(Page.END);
    }

    private static void series(Appendable out, String code, Line line) throws IOException {
        String unit = text(line.newest, Observations.UNIT);
        out.append("<h2>" + html(code) + "</h2>\n<p>" + html(text(line.newest, Observations.VALUE))
                + html(unit.isEmpty() ? "" : " " + unit) + " at " + html(text(line.newest, Observations.TIME))
                + ", since " + html(line.first) + "</p>\n");
        line(out, line.points);
        out.append("<table class=\"months\">\n");
        TreeSet<Integer> years = new TreeSet<>();
        line.months.keySet().forEach(month -> years.add(month.getYear()));
        for (int year : years) {
            out.append("<tr><th>" + year + "</th>");
            for (int month = 1; month <= 12; month++) {
                int points = line.months.getOrDefault(YearMonth.of(year, month), 0);
                out.append("<td" + (points == 0 ? " class=\"none\"" : "") + " title=\"" + YearMonth.of(year, month)
                        + ": " + points + (points == 1 ? " point" : " points") + "\"></td>");
            }
            out.append("</tr>\n");
        }
        out.append("</table>\n");
    }

    /** Of the points that share a place, the least and the greatest are drawn. */
    private static void line(Appendable out, List<double[]> points) throws IOException {
        if (points.isEmpty()) return;
        double from = points.get(0)[0];
        double span = Math.max(1, points.get(points.size() - 1)[0] - from);
        double least = points.stream().mapToDouble(p -> p[1]).min().orElse(0);
        double most = points.stream().mapToDouble(p -> p[1]).max().orElse(0);
        double height = most == least ? 1 : most - least;
        out.append("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\"><title>" + least + " to " + most
                + "</title><polyline points=\"");
        double[] low = points.get(0);
        double[] high = low;
        int place = 0;
        for (double[] point : points) {
            int at = (int) ((point[0] - from) / span * WIDTH);
            if (at != place) {
                drawn(out, place, low, high, least, height);
                low = point;
                high = point;
                place = at;
            }
            if (point[1] < low[1]) low = point;
            if (point[1] > high[1]) high = point;
        }
        drawn(out, place, low, high, least, height);
        out.append("\"/></svg>\n");
    }

    private static void drawn(Appendable out, int x, double[] low, double[] high, double least, double height)
            throws IOException {
        double[] first = low[0] <= high[0] ? low : high;
        for (double[] point : low == high ? new double[][] {low} : new double[][] {first, first == low ? high : low}) {
            double y = HEIGHT - 4 - (point[1] - least) / height * (HEIGHT - 8);
            out.append(String.format(Locale.ROOT, "%d,%.1f ", x, y));
        }
    }

    private void versions(Appendable out, Versions versions) throws IOException {
        List<String> all = versions.list();
        all = all.subList(0, all.indexOf(version) + 1);
        out.append("<h2>Versions</h2>\n<table>\n<tr><th>version</th><th>published</th><th class=\"n\">added</th>"
                + "<th class=\"n\">revised</th><th class=\"n\">removed</th></tr>\n");
        for (int i = all.size() - 1; i >= Math.max(0, all.size() - MOST_VERSIONS); i--) {
            Manifest m = versions.manifest(all.get(i));
            out.append("<tr><td>" + html(m.version()) + "</td><td>" + html(m.createdAt()) + "</td>" + number(m.added())
                    + number(m.revised()) + number(m.removed()) + "</tr>\n");
        }
        out.append("</table>\n");
        Manifest last = versions.manifest(version);
        if (last.revised() > 0 && all.size() > 1) revisions(out, versions, all.get(all.size() - 2));
    }

    private void revisions(Appendable out, Versions versions, String before) throws IOException {
        StringBuilder rows = new StringBuilder();
        int[] count = {0};
        versions.diff(before, version, new Versions.Difference() {
            @Override
            public void added(Record point) {
                // the line shows it
            }

            @Override
            public void revised(Record old, Record point) {
                if (!lines.containsKey(text(point, Observations.SERIES)) || ++count[0] > MOST_REVISIONS) return;
                rows.append("<tr><td>" + html(text(point, Observations.SERIES)) + "</td><td>"
                        + html(text(point, Observations.TIME)) + "</td><td class=\"n\">"
                        + html(text(old, Observations.VALUE)) + "</td><td class=\"n\">"
                        + html(text(point, Observations.VALUE)) + "</td></tr>\n");
            }

            @Override
            public void removed(Record point) {
                // counted above
            }
        });
        out.append("<h2>Revised since the version before</h2>\n<table>\n<tr><th>series</th><th>time</th>"
                + "<th class=\"n\">before</th><th class=\"n\">after</th></tr>\n");
        out.append(rows).append("</table>\n");
        if (count[0] > MOST_REVISIONS) out.append("<p>and " + (count[0] - MOST_REVISIONS) + " more</p>\n");
    }

    private static String number(long n) {
        return "<td class=\"n\">" + Figures.count(n) + "</td>";
    }

    private static String text(Record point, String field) {
        return point.get(field).map(Object::toString).orElse("");
    }

    private static String html(String text) {
        return Page.text(text);
    }
}
