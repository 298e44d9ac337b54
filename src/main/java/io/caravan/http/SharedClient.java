package io.caravan.http;

import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;

/**
 * The client with the connections of all APIs, as the component makes one: with its proxy, TLS, pool and interceptors where a
 * user has set them, else with those of the Java system properties.
 */
final class SharedClient {

    /** What the component has when nobody said anything, and what we have then: as many as requests may be under way. */
    private static final int COMPONENTS_PER_HOST = 20;

    private static final int PER_HOST = 256;
    private static final int COMPONENTS_TOTAL = 200;
    private static final int TOTAL = 2_048;
    /** After so long without use it is seen whether the server has ended the connection: that takes a millisecond. */
    private static final TimeValue UNUSED = TimeValue.ofMilliseconds(50);

    private SharedClient() {}

    static HttpClient make(CamelContext context, String scheme) {
        return make(context, scheme, true);
    }

    /** The same, which takes any certificate. */
    static HttpClient unverified(CamelContext context, String scheme) {
        return make(context, scheme, false);
    }

    private static HttpClient make(CamelContext context, String scheme, boolean verified) {
        HttpComponent component = context.getComponent(scheme, HttpComponent.class);
        int perHost = component.getConnectionsPerRoute() == COMPONENTS_PER_HOST
                ? PER_HOST
                : component.getConnectionsPerRoute();
        int total = component.getMaxTotalConnections() == COMPONENTS_TOTAL ? TOTAL : component.getMaxTotalConnections();
        try {
            // an endpoint that nobody calls; what it is asked for is its client
            HttpEndpoint endpoint =
                    (HttpEndpoint) component.createEndpoint(scheme + "://localhost?useSystemProperties=true");
            HttpClientConfigurer users = endpoint.getHttpClientConfigurer();
            endpoint.setHttpClientConfigurer(builder -> {
                // who counts the tries is HttpApi
                builder.disableAutomaticRetries();
                if (users != null) users.configureHttpClient(builder);
            });
            if (component.getClientConnectionManager() == null || !verified) {
                HttpClientConnectionManager first = endpoint.getClientConnectionManager();
                endpoint.setClientConnectionManager(pool(component, perHost, total, verified));
                if (component.getClientConnectionManager() == null) first.close();
            }
            return endpoint.getHttpClient();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }

    /** As the component makes one, which cannot be told of another parser. */
    private static HttpClientConnectionManager pool(HttpComponent component, int perHost, int total, boolean verified)
            throws Exception {
        SSLContextParameters own = component.getSslContextParameters();
        SSLContextParameters tls = own == null && component.isUseGlobalSslContextParameters()
                ? component.getCamelContext().getSSLContextParameters()
                : own;
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(WholeHeads.connections())
                .setTlsSocketStrategy(
                        verified
                                ? new DefaultClientTlsStrategy(
                                        tls == null
                                                ? SSLContexts.createSystemDefault()
                                                : tls.createSSLContext(component.getCamelContext()),
                                        component.getX509HostnameVerifier())
                                : new DefaultClientTlsStrategy(
                                        SSLContexts.custom()
                                                .loadTrustMaterial(TrustAllStrategy.INSTANCE)
                                                .build(),
                                        HostnameVerificationPolicy.CLIENT,
                                        NoopHostnameVerifier.INSTANCE))
                .setMaxConnPerRoute(perHost)
                .setMaxConnTotal(total)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setValidateAfterInactivity(UNUSED)
                        .setTimeToLive(TimeValue.ofMilliseconds(component.getConnectionTimeToLive()))
                        .build())
                .build();
    }
}
