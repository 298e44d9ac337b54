package io.caravan.error;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The server that a setting leads to, and the sentences for what can be wrong with it: the same for every kind of store, in
 * a run and in a check. Each names the unit, the setting, its value, what is wrong, and what to do next.
 *
 * @param unit what sentences begin with
 * @param setting the parameter that says where the server is
 * @param kind what should answer there, {@code a MongoDB}
 * @param address what the setting leads to, without secrets; {@code laptop} for a store of this machine
 */
public record ServerErrors(String unit, String setting, String kind, String address) {

    private static final int MOST_CAUSES = 50;
    /** In the words of clients that have no class for it. */
    private static final Pattern IN_TIME =
            Pattern.compile("timed out|unable to establish connection in", Pattern.CASE_INSENSITIVE);

    private static final Pattern AT_AN_END = Pattern.compile(
            "connection (reset|was closed|to the database terminated)|network closed|closed connection|failed to respond"
                    + "|received no bytes|premature end of|eof reached|end of stream|unexpected end of",
            Pattern.CASE_INSENSITIVE);

    /** What the network can say, the surest first. */
    private enum Trouble {
        NO_HOST(
                "unknown host",
                "correct",
                e -> e instanceof UnknownHostException || e instanceof UnresolvedAddressException),
        SILENT(
                "no answer in time",
                "look at its load and the network between, raise its 'timeoutMillis' or 'connectTimeoutMillis', or correct",
                e -> e.getClass().getSimpleName().contains("Timeout") || says(e, IN_TIME)),
        TLS("TLS fails", "trust its certificate's authority, or correct", e -> e.getClass()
                .getName()
                .startsWith("javax.net.ssl.")),
        NOBODY("connection refused", "start it or correct", e -> e instanceof ConnectException),
        ENDED(
                "it closed the connection",
                "look at its log, or correct",
                e -> e instanceof EOFException
                        || e instanceof SocketException
                        || e instanceof ClosedChannelException
                        || says(e, AT_AN_END));

        private final String why;
        private final String remedy;
        private final Predicate<Throwable> met;

        Trouble(String why, String remedy, Predicate<Throwable> met) {
            this.why = why;
            this.remedy = remedy;
            this.met = met;
        }
    }

    /**
     * It cannot be reached, or ends the talk: what the causes of {@code e} say, in our words where we know them.
     *
     * @param action what failed, {@code read}; blank when the sentence needs none
     */
    public UnavailableException away(String action, Throwable e) {
        List<Throwable> chain = chain(e);
        for (Trouble trouble : Trouble.values()) {
            if (chain.stream().noneMatch(trouble.met)) continue;
            boolean start = trouble == Trouble.NOBODY && address.equals("laptop");
            return new UnavailableException(
                    unreached(action, trouble.why)
                            + (start
                                    ? "start it: " + Launcher.command("stores start")
                                    : trouble.remedy + " '" + setting + "'"),
                    e);
        }
        String words = words(e);
        return new UnavailableException(
                unreached(action, words.isEmpty() ? "its client gives no reason" : words)
                        + "look at its log, or correct '" + setting + "'",
                e);
    }

    /**
     * It did not do in time what it was asked, be it silent, busy or kept waiting by a lock.
     *
     * @param limit the parameter that says how long it may take, {@code timeoutMillis}
     * @param why what it says; blank when it says nothing
     */
    public UnavailableException late(String action, String limit, long millis, String why, Throwable e) {
        String rule = "lead to " + kind + " that answers within " + millis + " ms";
        return new UnavailableException(
                begin(action) + SettingChecks.sentence(setting, rule, address) + reason(why)
                        + "; look at its load, at who holds locks there and at the network between, or raise '" + limit
                        + "'",
                e);
    }

    /** It answers that it is in trouble itself. */
    public UnavailableException busy(String action, String got, Throwable e) {
        return new UnavailableException(unreached(action, got) + "try again later, look at its log", e);
    }

    /** Something answers there that is no such server; {@code got}: by what we know. */
    public ConfigurationException other(String action, String got) {
        return new ConfigurationException(begin(action) + SettingChecks.sentence(setting, "lead to " + kind, address)
                + " (another kind of server answers: " + line(got) + "); correct '" + setting + "'");
    }

    /**
     * It refuses the account.
     *
     * @param known whether it knows the account, and only denies it the right to do that
     * @param who the account as a sentence names it, never the secret: {@link #user}, {@code an access key}; blank when nobody says
     * @param why what it answered; blank when it says no more
     * @param settings the parameters that say which account
     */
    public ConfigurationException denied(boolean known, String action, String who, String why, String... settings) {
        return new ConfigurationException(begin(action)
                + SettingChecks.line((known ? "access denied" : "authentication failed")
                        + (who.isBlank() ? "" : " for " + line(who)) + " at " + address)
                + reason(why) + "; " + (known ? "grant it the rights it needs, or correct " : "correct ")
                + listed("'", settings));
    }

    /** An account as {@link #denied} names it; blank for none. */
    public static String user(String name) {
        return name.isBlank() ? "" : "user '" + line(name) + "'";
    }

    /** It has no such thing; {@code owner}: the parameter that names it, {@code name}: its value. */
    public ConfigurationException lacks(String action, String owner, String name, String why) {
        return new ConfigurationException(
                begin(action) + SettingChecks.sentence(owner, "exist at " + address, line(name)) + reason(why)
                        + "; create it or correct '" + owner + "'");
    }

    /** A text of others for a message: on one line, without class names and control characters, not longer than it helps. */
    public static String line(String text) {
        return Words.line(text);
    }

    /** What the innermost cause says, as {@link #line}; empty when it says nothing. */
    public static String words(Throwable e) {
        Throwable innermost = e;
        for (int i = 0; i < MOST_CAUSES && innermost.getCause() != null; i++) innermost = innermost.getCause();
        for (Throwable t : new Throwable[] {innermost, e}) {
            String words = line(t.getMessage());
            if (!words.isBlank()) return words;
        }
        return "";
    }

    private String unreached(String action, String why) {
        return begin(action) + SettingChecks.sentence(setting, "lead to " + kind + " that answers", address)
                + reason(why) + "; ";
    }

    private static String reason(String why) {
        return why.isBlank() ? "" : " (" + line(why) + ")";
    }

    private String begin(String action) {
        return unit + ": " + (action.isBlank() ? "" : "cannot " + action + ": ");
    }

    /** Whether it, or what it was caused by, says that. */
    public static boolean says(Throwable e, String words) {
        return chain(e).stream().anyMatch(t -> says(t, Pattern.compile(words, Pattern.LITERAL)));
    }

    private static boolean says(Throwable e, Pattern words) {
        return e.getMessage() != null && words.matcher(e.getMessage()).find();
    }

    private static List<Throwable> chain(Throwable e) {
        List<Throwable> chain = new ArrayList<>();
        collect(e, Collections.newSetFromMap(new IdentityHashMap<>()), chain);
        return chain;
    }

    private static void collect(Throwable e, Set<Throwable> seen, List<Throwable> chain) {
        if (e == null || chain.size() >= MOST_CAUSES || !seen.add(e)) return;
        chain.add(e);
        collect(e.getCause(), seen, chain);
        for (Throwable suppressed : e.getSuppressed()) collect(suppressed, seen, chain);
    }

    private static String listed(String quote, String... names) {
        List<String> quoted = Arrays.stream(names).map(n -> quote + n + quote).toList();
        int last = quoted.size() - 1;
        if (last == 0) return quoted.get(0);
        return quoted.stream().limit(last).collect(Collectors.joining(", ")) + " and " + quoted.get(last);
    }
}
