package io.caravan.error;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds texts in another one in a single pass over it, also where it spells some of their characters as a URI, JSON or our output
 * does, and in what is their Base64, alone or behind a user and a colon. Immutable.
 */
final class KnownTexts {

    /** Longer ones are known by their pieces, so that one that was cut off is found too. */
    private static final int PIECE = 64;

    private static final int SHORTEST = 4;
    private static final String OF_BASE64 = "+/=_-";

    /** Where a text goes on by one character. */
    private static final class Node {

        private final Map<Character, Node> next = new HashMap<>(2);
        private boolean ends;
        private boolean base64;
    }

    /** From one character to behind another. */
    private record Span(int from, int to) {}

    /** The longest text that was found so far. */
    private static final class Longest {

        private int end = -1;
        private boolean base64;
    }

    private final Node root = new Node();

    private KnownTexts() {}

    static KnownTexts of(Collection<String> texts) {
        KnownTexts known = new KnownTexts();
        for (String text : texts) {
            known.addPieces(text, false);
            known.addBase64(text.getBytes(StandardCharsets.UTF_8));
        }
        return known;
    }

    /** As it begins at the first, second or third byte of what is encoded, without what its neighbours decide. */
    private void addBase64(byte[] text) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + text.length];
            System.arraycopy(text, 0, shifted, before, text.length);
            int first = before == 0 ? 0 : before + 1;
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String whole = encoder.encodeToString(shifted);
                addPieces(whole.substring(first, shifted.length * 8 / 6), true);
            }
        }
    }

    private void addPieces(String text, boolean base64) {
        for (int from = 0; from + SHORTEST <= text.length(); from += PIECE) {
            boolean last = text.length() - from < PIECE + SHORTEST;
            add(text.substring(from, last ? text.length() : from + PIECE), base64);
            if (last) return;
        }
    }

    private void add(String text, boolean base64) {
        Node node = root;
        for (char c : text.toCharArray()) node = node.next.computeIfAbsent(c, x -> new Node());
        node.ends = true;
        node.base64 = base64;
    }

    /** With {@code by} for each stretch of what is known. */
    String replaced(String text, String by) {
        Deque<Span> spans = spans(text);
        if (spans.isEmpty()) return text;
        StringBuilder replaced = new StringBuilder(text.length());
        int done = 0;
        for (Span span : spans) {
            replaced.append(text, done, span.from()).append(by);
            done = span.to();
        }
        return replaced.append(text, done, text.length()).toString();
    }

    /** In order, none touching another. */
    private Deque<Span> spans(String text) {
        Deque<Span> spans = new ArrayDeque<>(0);
        for (int at = 0; at < text.length(); at++) {
            Longest longest = new Longest();
            follow(root, text, at, longest);
            if (longest.end < 0) continue;
            Span span = longest.base64 ? widened(text, at, longest.end) : new Span(at, longest.end);
            while (!spans.isEmpty() && spans.getLast().to() >= span.from()) {
                Span last = spans.removeLast();
                span = new Span(Math.min(last.from(), span.from()), Math.max(last.to(), span.to()));
            }
            spans.add(span);
        }
        return spans;
    }

    /** Over all of the Base64, so that neither the user nor the edges of the secret are left. */
    private static Span widened(String text, int begin, int end) {
        int from = begin;
        int to = end;
        while (from > 0 && inBase64(text, from - 1)) from--;
        while (to < text.length() && inBase64(text, to)) to++;
        return new Span(from, to);
    }

    private static boolean inBase64(String text, int at) {
        char c = text.charAt(at);
        if (c == '%') return hex(text, at + 1, 2) >= 0 && OF_BASE64.indexOf(hex(text, at + 1, 2)) >= 0;
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || OF_BASE64.indexOf(c) >= 0;
    }

    private static void follow(Node node, String text, int at, Longest longest) {
        if (node.ends && at > longest.end) {
            longest.end = at;
            longest.base64 = node.base64;
        }
        if (at >= text.length() || node.next.isEmpty()) return;
        char c = text.charAt(at);
        Node next = node.next.get(c);
        if (next != null) follow(next, text, at + 1, longest);
        switch (c) {
            case '%' -> percent(node, text, at, longest);
            case '+' -> go(node, " ", text, at + 1, longest);
            case '\\' -> escape(node, text, at, longest);
            case ' ', '?' -> control(node, text, at, longest);
            default -> {}
        }
    }

    private static void go(Node from, String characters, String text, int at, Longest longest) {
        Node node = from;
        for (int i = 0; i < characters.length() && node != null; i++) node = node.next.get(characters.charAt(i));
        if (node != null) follow(node, text, at, longest);
    }

    /** {@code %C3%B6}, or {@code %252F} where a URI stands in another. */
    private static void percent(Node node, String text, int at, Longest longest) {
        String sign = "%";
        percent(node, sign, text, at, longest);
        while (text.startsWith(sign + "25", at)) {
            sign += "25";
            percent(node, sign, text, at, longest);
        }
    }

    private static void percent(Node node, String sign, String text, int from, Longest longest) {
        int first = hex(text, from + sign.length(), 2);
        if (first < 0) return;
        byte[] encoded = new byte[first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2];
        int at = from;
        for (int i = 0; i < encoded.length; i++, at += sign.length() + 2) {
            if (!text.startsWith(sign, at) || hex(text, at + sign.length(), 2) < 0) return;
            encoded[i] = (byte) hex(text, at + sign.length(), 2);
        }
        go(node, new String(encoded, StandardCharsets.UTF_8), text, at, longest);
    }

    /** As JSON and properties have it. */
    private static void escape(Node node, String text, int at, Longest longest) {
        if (at + 1 >= text.length()) return;
        char c = text.charAt(at + 1);
        int code = c == 'u' ? hex(text, at + 2, 4) : -1;
        if (code >= 0) go(node, String.valueOf((char) code), text, at + 6, longest);
        int control = "nrtbf".indexOf(c);
        go(node, control < 0 ? String.valueOf(c) : "\n\r\t\b\f".substring(control, control + 1), text, at + 2, longest);
    }

    /** Sentences have one blank for some, and a terminal is shown a question mark for each. */
    private static void control(Node node, String text, int at, Longest longest) {
        for (char c : new char[] {'\n', '\r', '\t'}) {
            Node next = node.next.get(c);
            if (next == null) continue;
            follow(next, text, at + 1, longest);
            control(next, text, at, longest);
        }
    }

    private static int hex(String text, int from, int digits) {
        if (from + digits > text.length()) return -1;
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) return -1;
            value = value * 16 + digit;
        }
        return value;
    }
}
