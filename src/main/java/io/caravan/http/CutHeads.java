package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Refuses an answer that may have ended within its head, of a client whose reading is not ours, see {@link WholeHeads}. No byte of a body
 * follows such a head. Where it said a length or chunks, the client itself misses them; where it said neither, no body is refused
 * here: a server that means to send none says so. Only behind a length of 0 further headers can be lost.
 */
final class CutHeads {

    private static final int FIRST_STATUS = 100;

    private CutHeads() {}

    /** The body, of which the first byte has arrived; waits for it. */
    static InputStream refused(ClassicHttpResponse answer, HttpEntity entity) throws IOException {
        // of a first line that was cut, two digits are no status
        if (answer.getCode() < FIRST_STATUS) throw cut(answer, "has the status " + answer.getCode());
        if (entity.getContentLength() == 0) return entity.getContent();
        PushbackInputStream body = new PushbackInputStream(entity.getContent(), 1);
        int first = body.read();
        if (first < 0 && !entity.isChunked()) throw cut(answer, "has neither a length nor a body");
        if (first >= 0) body.unread(first);
        return body;
    }

    private static IOException cut(ClassicHttpResponse answer, String but) throws IOException {
        answer.close();
        return new ConnectionClosedException("the answer ended within its head: it " + but);
    }
}
