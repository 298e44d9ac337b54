package io.caravan.page;

/** What all pages have in common: a head that forbids to load anything, and texts that are nothing but texts. */
public final class Page {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>%TITLE%</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 15px/1.4 system-ui, sans-serif; max-width: 760px; margin: 2em auto; padding: 0 1em; }
            svg { width: 100%; height: auto; border-bottom: 1px solid #8886; }
            table { border-collapse: collapse; font-size: 13px; }
            td, th { padding: 1px 8px 1px 0; text-align: left; }
            .n { text-align: right; font-variant-numeric: tabular-nums; }
            p { color: #888; margin: 0; }
            %STYLE%</style>
            </head>
            <body>
            """;

    public static final String END = "</body>\n</html>\n";

    private Page() {}

    /** Up to the body; {@code style}: rules of the page's own. */
    public static String head(String title, String style) {
        return HEAD.replace("%STYLE%", style).replace("%TITLE%", text(title));
    }

    /** A text from anywhere, as a text of a page or in the quotes of an attribute. */
    public static String text(String text) {
        return text.replaceAll("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
