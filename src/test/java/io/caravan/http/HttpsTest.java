package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.caravan.error.UnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS is the component's: who it trusts, and that a certificate is the host's. */
class HttpsTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private HttpsServer server;
    private KeyStoreParameters keys;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        context.start();
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storepass",
                        "secret",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        keys = new KeyStoreParameters();
        keys.setCamelContext(context);
        keys.setResource("file:" + file);
        keys.setPassword("secret");
        KeyManagersParameters own = new KeyManagersParameters();
        own.setKeyStore(keys);
        own.setKeyPassword("secret");
        SSLContextParameters tls = new SSLContextParameters();
        tls.setKeyManagers(own);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.createSSLContext(context)));
        server.createContext("/", exchange -> ApiServer.answer(exchange, 200, "{\"ok\":true}"));
        server.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.stop(0);
    }

    @Test
    void whoTheComponentTrustsIsAsked() {
        trust();
        assertThat(get("localhost").status()).isEqualTo(200);
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() {
        trust();
        assertThatThrownBy(() -> get("127.0.0.1")).isInstanceOf(UnavailableException.class);
    }

    @Test
    void whoNobodyTrustsIsRefused() {
        assertThatThrownBy(() -> get("localhost")).isInstanceOf(UnavailableException.class);
    }

    private void trust() {
        TrustManagersParameters trusted = new TrustManagersParameters();
        trusted.setKeyStore(keys);
        SSLContextParameters tls = new SSLContextParameters();
        tls.setTrustManagers(trusted);
        context.getComponent("https", HttpComponent.class).setSslContextParameters(tls);
    }

    private HttpApi.Answer get(String host) {
        String url = "https://" + host + ":" + server.getAddress().getPort() + "/things";
        HttpApi api = new HttpApi("things", url, "none", "", "", "", 0, 1_000, 5_000, 0, 1, 1_000);
        CamelContextAware.trySetCamelContext(api, context);
        return api.exchange(HttpApi.Call.get(URI.create(url), Map.of()), 100, true);
    }
}
