package io.caravan.quality;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.page.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A check of a dataset as one page that needs nothing else: scores, what failed, what changed, and how each column lies. Everything of
 * the data is text in it, and nothing runs.
 */
public final class QualityPage {

    private static final int MOST_COLUMNS = 200;
    private static final int MOST_RULES = 100;
    private static final int MOST_CHANGES = 100;
    private static final int MOST_SAMPLE_COLUMNS = 30;
    private static final int LONGEST = 120;

    private static final String STYLE = """
            .scores { display: flex; gap: 2.5em; flex-wrap: wrap; }
            .scores b { display: block; font-size: 40px; line-height: 1.1; font-variant-numeric: tabular-nums; }
            .good b { color: #1a8a4a; } .poor b { color: #c8372d; }
            .bar { fill: #2a78d6; } .lost { fill: #c8372d; } .rest { fill: #8883; } .box { fill: #2a78d633; stroke: #2a78d6; }
            .line { stroke: #2a78d6; fill: none; stroke-width: 1.5; } .other { stroke: #888; fill: none; stroke-dasharray: 3 3; }
            svg.small { width: 160px; border: 0; vertical-align: middle; }
            svg text { font: 10px system-ui, sans-serif; fill: #888; }
            h3 { margin: 1.4em 0 0; overflow-wrap: anywhere; } td { vertical-align: top; overflow-wrap: anywhere; } td:first-child { overflow-wrap: normal; }
            .wide { overflow-x: auto; } .wide td { max-width: 16em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
            """;

    private final JsonNode report;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, JsonNode> bins = new LinkedHashMap<>();
    private final Map<String, JsonNode> statistics = new LinkedHashMap<>();

    /** {@code report}: {@link Quality#json} of one check with what {@link QualityChange} says beside it. */
    public QualityPage(JsonNode report) {
        this.report = report;
        JsonNode profile = report.path("profile");
        profile.path("valueDistributions")
                .forEach(d -> bins.put(d.path("column").asText(), d.path("histogram")));
        profile.path("statisticalSummary")
                .forEach(s -> statistics.put(s.path("column").asText(), s));
    }

    public String html() {
        String dataset = text("dataset");
        out.append(Page.head("Quality of " + dataset, STYLE));
        out.append("<h1>" + Page.text(dataset) + "</h1>\n<p>" + Page.text(text("object")) + ", "
                + Page.text(text("format")) + ", checked " + Page.text(text("checked_at")) + "</p>\n");
        scores();
        history();
        changes();
        failures();
        columns();
        samples();
        report.path("estimates").forEach(e -> out.append("<p>" + Page.text(e.asText()) + "</p>\n"));
        return out.append(Page.END).toString();
    }

    private String text(String key) {
        return report.path(key).asText();
    }

    private void scores() {
        out.append("<div class=\"scores\">\n");
        score("score", "score");
        score("score_compatible", "as the reference counts");
        figure("rows", "rows");
        if (report.path("bad_rows").asLong() > 0) figure("bad_rows", "rows that are no records");
        out.append("</div>\n<table>\n<tr><th>points lost</th><th class=\"n\">score</th><th></th>"
                + "<th class=\"n\">reference</th><th class=\"n\">of</th></tr>\n");
        for (Dimension dimension : Dimension.values()) {
            double lost = report.path("deductions").path(dimension.key()).asDouble();
            double reference =
                    report.path("deductions_compatible").path(dimension.key()).asDouble();
            out.append("<tr><td>" + dimension.key() + "</td><td class=\"n\">" + lost + "</td><td>"
                    + share(lost / dimension.most(), "lost") + "</td><td class=\"n\">" + reference
                    + "</td><td class=\"n\">" + dimension.most() + "</td></tr>\n");
        }
        out.append("</table>\n");
    }

    private void score(String key, String name) {
        int points = report.path(key).asInt();
        out.append("<div class=\"" + (points >= Quality.PASS_MARK ? "good" : "poor") + "\"><b>" + points + "</b>" + name
                + "</div>\n");
    }

    private void figure(String key, String name) {
        out.append("<div><b>" + count(report.path(key).asLong()) + "</b>" + name + "</div>\n");
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A bar of which a share is filled. */
    private static String share(double share, String kind) {
        long width = Math.round(160 * Math.max(0, Math.min(1, share)));
        return "<svg class=\"small\" viewBox=\"0 0 160 10\"><rect class=\"rest\" width=\"160\" height=\"10\"/>"
                + "<rect class=\"" + kind + "\" width=\"" + width + "\" height=\"10\"/></svg>";
    }

    private void history() {
        JsonNode history = report.path("history");
        if (history.size() < 2) return;
        out.append(
                "<h2>Scores of the last " + history.size() + " checks</h2>\n<svg viewBox=\"0 0 720 120\" role=\"img\">"
                        + "<title>0 to 100 points</title><line class=\"other\" x1=\"0\" x2=\"720\" y1=\"22\" y2=\"22\"/>");
        line(history, "score_compatible", "other");
        line(history, "score", "line");
        out.append("</svg>\n<p>" + Page.text(history.get(0).path("run").asText()) + " to "
                + Page.text(text("run")) + "; dashed: as the reference counts, and its mark of " + Quality.PASS_MARK
                + "</p>\n");
    }

    private void line(JsonNode history, String key, String kind) {
        out.append("<polyline class=\"" + kind + "\" points=\"");
        for (int i = 0; i < history.size(); i++) {
            double x = 4 + 712.0 * i / (history.size() - 1);
            out.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x,
                    112 - 1.12 * history.get(i).path(key).asInt() + 4));
        }
        out.append("\"/>");
    }

    private void changes() {
        JsonNode comparison = report.path("comparison");
        if (comparison.isMissingNode()) return;
        out.append("<h2>Since " + Page.text(comparison.path("run").asText()) + "</h2>\n<p>"
                + String.format(
                        Locale.ROOT,
                        "score %+d, reference %+d, rows %+,d",
                        comparison.path("score").asInt(),
                        comparison.path("score_compatible").asInt(),
                        comparison.path("rows").asLong())
                + "</p>\n<ul>\n");
        List<String> changes = new ArrayList<>();
        comparison.path("changes").forEach(change -> changes.add(change.asText()));
        changes.stream().limit(MOST_CHANGES).forEach(change -> out.append("<li>" + Page.text(change) + "</li>\n"));
        out.append("</ul>\n");
        more(changes.size(), MOST_CHANGES, "changes");
    }

    private void more(int all, int shown, String what) {
        if (all > shown) out.append("<p>and " + count(all - shown) + " more " + what + "</p>\n");
    }

    private void failures() {
        JsonNode rules = report.path("failed_validation_rules");
        if (rules.isEmpty()) return;
        out.append("<h2>What failed</h2>\n<table>\n<tr><th>check</th><th>what</th><th>first rows</th></tr>\n");
        for (int i = 0; i < Math.min(MOST_RULES, rules.size()); i++) {
            JsonNode rule = rules.get(i);
            List<String> rows = new ArrayList<>();
            rule.path("sample_rows")
                    .forEach(row -> rows.add(
                            row.isObject()
                                    ? row.path("row").asText() + ": "
                                            + row.path("value").asText()
                                    : row.asText()));
            out.append("<tr><td>" + Page.text(rule.path("check").asText().replace('_', ' ')) + "</td><td>"
                    + Page.text(cut(rule.path("message").asText(), 4 * LONGEST)) + "</td><td>"
                    + Page.text(cut(String.join("; ", rows), 2 * LONGEST)) + "</td></tr>\n");
        }
        out.append("</table>\n");
        more(rules.size(), MOST_RULES, "rules");
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : Values.cut(text, most) + "…";
    }

    private void columns() {
        JsonNode columns = report.path("columns");
        if (columns.isEmpty()) return;
        out.append("<h2>Columns</h2>\n");
        long rows = report.path("rows").asLong();
        for (int i = 0; i < Math.min(MOST_COLUMNS, columns.size()); i++) {
            JsonNode column = columns.get(i);
            String name = column.path("column").asText();
            String about = column.path("exact").asBoolean() ? "" : "about ";
            out.append("<h3>" + Page.text(cut(name, LONGEST)) + "</h3>\n<p>"
                    + Page.text(column.path("type").asText())
                    + (column.has("expectedType")
                            ? ", must be "
                                    + Page.text(column.path("expectedType").asText())
                            : "")
                    + "; " + about + count(column.path("unique").asLong()) + " different; empty in "
                    + count(column.path("nulls").asLong()) + " rows "
                    + share(rows == 0 ? 0 : column.path("nulls").asDouble() / rows, "lost") + "</p>\n");
            if (column.has("bars")) numbers(column);
            if (bins.containsKey(name)
                    && !(column.has("bars") && column.path("unique").asLong() > 12)) values(bins.get(name), rows);
        }
        more(columns.size(), MOST_COLUMNS, "columns");
    }

    /** How numbers lie between the least and the greatest: bars, and below them the quartiles as a box. */
    private void numbers(JsonNode column) {
        JsonNode bars = column.path("bars");
        long most = 1;
        for (JsonNode bar : bars) most = Math.max(most, bar.asLong());
        double width = 720.0 / bars.size();
        out.append("<svg viewBox=\"0 0 720 104\" role=\"img\"><title>numbers</title>");
        for (int i = 0; i < bars.size(); i++) {
            double height = 80.0 * bars.get(i).asLong() / most;
            out.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%,d</title></rect>",
                    i * width + 1,
                    80 - height,
                    width - 2,
                    height,
                    bars.get(i).asLong()));
        }
        double low = place(column, "lowerQuartile");
        double high = place(column, "upperQuartile");
        double median = place(column, "median");
        out.append(String.format(
                Locale.ROOT,
                "<line class=\"line\" x1=\"1\" x2=\"719\" y1=\"94\" y2=\"94\"/><rect class=\"box\" x=\"%.1f\" y=\"87\""
                        + " width=\"%.1f\" height=\"14\"/><line class=\"line\" x1=\"%.1f\" x2=\"%.1f\" y1=\"87\" y2=\"101\"/></svg>\n",
                low,
                Math.max(1, high - low),
                median,
                median));
        JsonNode statistics = this.statistics.get(column.path("column").asText());
        out.append("<p>" + number(column, "min") + " to " + number(column, "max") + ", mean " + number(column, "mean")
                + ", median " + number(column, "median") + ", quartiles " + number(column, "lowerQuartile") + " and "
                + number(column, "upperQuartile") + ", deviation " + number(column, "stdDev")
                + (statistics == null
                        ? ""
                        : "; " + Page.text(statistics.path("distribution").asText()) + ", "
                                + count(statistics.path("outlierCount").asLong()) + " outliers")
                + "</p>\n");
    }

    private static double place(JsonNode column, String key) {
        double least = column.path("min").asDouble();
        double span = column.path("max").asDouble() - least;
        return span > 0 && Double.isFinite(span) ? 1 + 718 * (column.path(key).asDouble() - least) / span : 360;
    }

    private static String number(JsonNode column, String key) {
        double number = column.path(key).asDouble();
        return Math.abs(number) < 1e12 ? String.format(Locale.ROOT, "%,.2f", number) : Double.toString(number);
    }

    private void values(JsonNode bins, long rows) {
        out.append("<table>\n");
        for (JsonNode bin : bins) {
            long times = bin.path("count").asLong();
            out.append("<tr><td>" + Page.text(bin.path("bin").asText()) + "</td><td>"
                    + share((double) times / Math.max(1, rows), "bar") + "</td><td class=\"n\">" + count(times)
                    + "</td></tr>\n");
        }
        out.append("</table>\n");
    }

    private void samples() {
        JsonNode sample = report.path("profile").path("sampleData");
        if (sample.path("rows").isEmpty()) return;
        List<String> names = new ArrayList<>();
        sample.path("columns").forEach(name -> names.add(name.asText()));
        List<String> shown = names.subList(0, Math.min(MOST_SAMPLE_COLUMNS, names.size()));
        out.append("<h2>First rows</h2>\n<div class=\"wide\"><table>\n<tr>");
        shown.forEach(name -> out.append("<th>" + Page.text(cut(name, LONGEST)) + "</th>"));
        out.append("</tr>\n");
        for (JsonNode row : sample.path("rows")) {
            out.append("<tr>");
            shown.forEach(
                    name -> out.append("<td>" + Page.text(cut(row.path(name).asText(""), LONGEST)) + "</td>"));
            out.append("</tr>\n");
        }
        out.append("</table></div>\n");
        more(names.size(), MOST_SAMPLE_COLUMNS, "columns");
    }
}
