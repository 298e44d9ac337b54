package io.caravan.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.io.LenientHttpResponseParser;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads the head of an answer as the client does, but refuses one that the connection's end cut off: the client takes the end
 * for the empty line behind the last header, and then, without a length, no body for a whole one (httpcore 5.3.6,
 * AbstractMessageParser).
 */
final class WholeHeads extends LenientHttpResponseParser {

    private WholeHeads(Http1Config config) {
        super(config);
    }

    static HttpConnectionFactory<ManagedHttpClientConnection> connections() {
        return ManagedHttpClientConnectionFactory.builder()
                .responseParserFactory(config -> new WholeHeads(config == null ? Http1Config.DEFAULT : config))
                .build();
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
        return super.parse(buffer, new Head(in, buffer.length() > 0));
    }

    private static final class Head extends FilterInputStream {

        private boolean begun;

        Head(InputStream in, boolean begun) {
            super(in);
            this.begun = begun;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            // before its first byte the client itself says that the connection had ended
            if (n < 0 && begun) throw new ConnectionClosedException("the answer ended within its head");
            begun = true;
            return n;
        }
    }
}
