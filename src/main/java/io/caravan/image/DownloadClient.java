package io.caravan.image;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache's client with nothing that acts by itself: it follows, repeats, unpacks and remembers nothing, and knows no proxy. */
final class DownloadClient {

    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16 << 10;
    private static final TimeValue KEPT = TimeValue.ofSeconds(60);

    private DownloadClient() {}

    static CloseableHttpClient of(DownloadLimits limits, DnsResolver names) {
        Http1Config heads = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build();
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(heads)
                                .build())
                        .setDnsResolver(names)
                        .setMaxConnPerRoute(limits.perHost())
                        .setMaxConnTotal(limits.atOnce() * 2)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connectTime()))
                                .setTimeToLive(KEPT)
                                .build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Caravan")
                .build();
    }

    /** Without waiting for what is under way. */
    static void close(CloseableHttpClient client) {
        client.close(CloseMode.IMMEDIATE);
    }
}
