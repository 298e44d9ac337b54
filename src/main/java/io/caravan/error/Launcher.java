package io.caravan.error;

/** How Caravan was called, for sentences that say what to type next: {@code ./caravan}, {@code caravan}, or its path. */
public final class Launcher {

    /** For help texts, which are written when the class is compiled. */
    public static final String CARAVAN = "${sys:caravan.command:-./caravan}";

    private Launcher() {}

    /** A name as one word of a shell, such as {@code 'silver[agency-10]'}. */
    public static String word(String name) {
        return name.matches("[A-Za-z0-9_.:/@%+=,-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** A command line; {@code arguments}: what stands after the launcher. */
    public static String command(String arguments) {
        return System.getProperty("caravan.command", "./caravan") + " " + arguments;
    }
}
