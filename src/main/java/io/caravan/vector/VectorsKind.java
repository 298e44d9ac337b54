package io.caravan.vector;

import io.caravan.error.SettingChecks;

/** Which store keeps the vectors and is asked for them, as {@code caravan.vectors.kind} says; anything else ends the start. */
public final class VectorsKind {

    private static final String UNIT = "vectors";
    private static final String KIND = "caravan.vectors.kind";

    /** {@code uri}: where Milvus is; blank for Lucene, as it once chose Milvus by itself. */
    // Object as Camel makes numbers of texts of digits, and then finds no constructor
    public VectorsKind(Object kind, Object uri) {
        boolean milvus = isMilvus(kind.toString());
        boolean given = !uri.toString().isBlank();
        new SettingChecks(UNIT)
                .must(!milvus || given, "caravan.vectors.uri", "be given where " + KIND + " is milvus", "")
                .must(milvus || !given, KIND, "be milvus where caravan.vectors.uri is given", kind)
                .check();
    }

    /** Whether it is milvus, not lucene; a third is a {@link io.caravan.error.ConfigurationException}. */
    static boolean isMilvus(String kind) {
        new SettingChecks(UNIT)
                .must(kind.equals("lucene") || kind.equals("milvus"), KIND, "be lucene or milvus", kind)
                .check();
        return kind.equals("milvus");
    }
}
