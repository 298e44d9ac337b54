package io.caravan.error;

import java.util.regex.Pattern;

/** Finds secrets that nobody was told of by what stands around them in addresses and headers. */
public final class LooksSecret {

    /** How parameters of an address are called that hold one. */
    private static final String NAMED =
            "[?&;][\\w.-]*(?:password|passwd|pwd|secret|token|key|sig|signature|credential)=";

    /** Until a port, or what is no part of an address, a password may hold what it should have encoded: a slash, an @. */
    public static final Pattern CREDENTIALS = Pattern.compile(
            "(://[^/@:\\s\"'<>]*):(?!\\d{1,5}(?:[/?,\\s]|$))((?:(?!://)[^\\s\"'<>?])+|[^/@\\s\"'<>]+)@");

    /** What only stands for a secret says nothing of it. */
    private static final String REFERENCE = "(?!(?:RAW[({])?\\{\\{\\??(?:env:|secret:)?[\\w.-]+}})";

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)(" + NAMED + ")" + REFERENCE + "(?:RAW\\([^)]*\\)|RAW\\{[^}]*}|[^&;#\\s\"'<>]+)");

    private static final Pattern HEADER = Pattern.compile(
            "(?i)(authorization[\"']?\\s*[:=]\\s*[\"'\\[]*(?:(?:basic|bearer|token|digest)\\s+)?)[^\\s\"',;\\]]+");
    private static final Pattern SCHEME =
            Pattern.compile("\\b((?i:basic|bearer) )(?=[\\w.~+/-]*[\\d=])[\\w.~+/-]{8,}=*");

    private LooksSecret() {}

    static String replaced(String text, String by) {
        String hidden = text;
        if (text.contains("://")) hidden = CREDENTIALS.matcher(hidden).replaceAll("$1:" + by + "@");
        if (text.indexOf('=') >= 0) hidden = PARAMETER.matcher(hidden).replaceAll("$1" + by);
        if (text.contains("uthorization") || text.contains("UTHORIZATION"))
            hidden = HEADER.matcher(hidden).replaceAll("$1" + by);
        if (text.contains("asic ") || text.contains("earer "))
            hidden = SCHEME.matcher(hidden).replaceAll("$1" + by);
        return hidden;
    }
}
