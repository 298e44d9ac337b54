package io.caravan.ledger;

import java.util.regex.Pattern;

/** A pipeline as the ledger numbers it, or one part of it that is a flow of its own: {@code name[part]}. */
public record Flow(short id, String name) {

    /** The name of a part: of its pipeline, and its own. */
    public static final Pattern PARTED = Pattern.compile("([^\\[]+)\\[([A-Za-z0-9][A-Za-z0-9_.-]{0,99})]");

    /** The name of a pipeline's part; that of the pipeline where {@code part} is blank. */
    public static String named(String pipeline, String part) {
        return part.isEmpty() ? pipeline : pipeline + "[" + part + "]";
    }

    /** The pipeline of which the flow of this name is one, or a part. */
    public static String pipeline(String name) {
        return PARTED.matcher(name).replaceFirst("$1");
    }

    /** The part of its pipeline that the flow of this name is; empty for a whole one. */
    public static String part(String name) {
        return name.substring(pipeline(name).length()).replaceAll("[\\[\\]]", "");
    }
}
