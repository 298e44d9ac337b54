package io.caravan.format;

import java.nio.charset.Charset;
import org.mozilla.universalchardet.UniversalDetector;

/** Says how bytes can be read that are not of the charset that they should be. Not thread-safe: one per object. */
final class LikelyCharset {

    private static final int LOOKED_AT = 64 << 10;

    private String remedy;

    /** What an error about these bytes ends with; of the first that were asked about, as others of the object are alike. */
    String remedy(CharsetStream stream, byte[] b, int from, int to) {
        if (remedy == null) remedy = stream.converts() ? "; 'charset' names another" : likely(b, from, to);
        return remedy;
    }

    private static String likely(byte[] b, int from, int to) {
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(b, from, Math.min(LOOKED_AT, to - from));
        detector.dataEnd();
        String name = detector.getDetectedCharset();
        return name == null || !Charset.isSupported(name)
                ? "; if they are of another charset say which, as in charset: windows-1252"
                : "; they look like " + Charset.forName(name) + ": say charset: " + Charset.forName(name);
    }
}
