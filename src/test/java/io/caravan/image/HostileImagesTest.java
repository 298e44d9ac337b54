package io.caravan.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sheet full of addresses that somebody wrote who wants us to reach what he cannot, or to keep what is no image. */
class HostileImagesTest {

    /** Given out, and no machine here can reach it: it fails at once. */
    private static final String PUBLIC = "2606:2800:220:1::1";

    private static final List<String> PRIVATE = List.of(
            "127.0.0.1",
            "127.8.9.10",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255");

    @TempDir
    Path folder;

    private final ImageServer inside = new ImageServer();
    private final ImageServer outside = new ImageServer();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private ImagesSink sink;

    HostileImagesTest() throws IOException {}

    @BeforeEach
    void begin() {
        SettingChecks settings = new SettingChecks("images-sink");
        // the port of the inside is one of the web's here, so that it is the address which keeps everybody out
        AllowedHosts hosts = new AllowedHosts(settings, "127.0.0.1:" + outside.port(), Set.of(80, 443, inside.port()));
        DownloadLimits limits = DownloadLimits.of(settings, 1, 50, 1500, 300, 1000, 8, 8);
        settings.check();
        ImageRules rules = ImageRulesReader.parse("images", """
                inventory: image-inventory
                images:
                  - field: cover_url
                    container: cover-art
                    names: [{ prefix: b01-, field: isbn_13 }]
                """);
        ImageStores stores = new ImageStores("images", folder.toString(), rules, ObjectAccess.DEFAULT);
        sink = new ImagesSink("images", rules, stores, new Downloads(hosts, limits, new Names()), 8, true);
        inside.image("/cover.png", Pictures.png(1), "");
    }

    @AfterEach
    void end() throws IOException {
        sink.close();
        inside.close();
        outside.close();
    }

    /** What names lead to; those with a story are told here, all others are the system's. */
    private final class Names implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            int times = asked.computeIfAbsent(host, name -> new AtomicInteger()).incrementAndGet();
            return switch (host) {
                case "inside.example" -> InetAddress.getAllByName("127.0.0.1");
                case "inside6.example" -> InetAddress.getAllByName("::1");
                case "metadata.example" -> InetAddress.getAllByName("169.254.169.254");
                case "mixed.example" ->
                    new InetAddress[] {InetAddress.getByName(PUBLIC), InetAddress.getByName("127.0.0.1")};
                case "rebinding.example" -> InetAddress.getAllByName(times == 1 ? PUBLIC : "127.0.0.1");
                default -> SystemDefaultDnsResolver.INSTANCE.resolve(host);
            };
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @Test
    void ofTwoHundredHostileImagesNoneReachesTheInsideAndNoneIsKept() throws IOException {
        Set<String> urls = new LinkedHashSet<>();
        List<String> insides = insides();
        insides.forEach(host -> urls.add("http://" + host + ":" + inside.port() + "/cover.png"));
        urls.addAll(otherWays());
        int n = 0;
        for (String target : List.copyOf(urls)) {
            if (n >= 60) break;
            urls.add(outside(
                    n++, "/leads-", (request, out) -> ImageServer.head(out, "302 Found", "Location: " + target)));
        }
        List<String> bodies = bodies();
        assertThat(urls.size() + bodies.size()).isGreaterThanOrEqualTo(200);

        List<Refusal> refused = new ArrayList<>(run(List.copyOf(urls)));
        // a few at a time, as a server that is silent again and again would not be asked for the others
        for (int i = 0; i < bodies.size(); i += 3)
            refused.addAll(run(bodies.subList(i, Math.min(i + 3, bodies.size()))));
        urls.addAll(bodies);

        assertThat(inside.connections).as("hits on the inside").hasValue(0);
        assertThat(refused).hasSameSizeAs(urls);
        assertThat(kept()).isEmpty();
        assertThat(refused).allSatisfy(r -> assertThat(r.reason())
                .startsWith("images: the image of cover_url must ")
                .doesNotContain("in this run"));
        assertThat(asked.get("rebinding.example").get())
                .as("asked for its address once a connection")
                .isLessThanOrEqualTo(2);
        System.out.println(urls.size() + " hostile images: " + inside.connections + " hits, " + kept().size()
                + " kept; the server outside got " + outside.requests.size() + " requests");
    }

    private List<Refusal> run(List<String> urls) {
        List<Record> batch = new ArrayList<>();
        for (String url : urls) batch.add(record(batch.size(), url));
        List<Refusal> refused = sink.write(batch);
        sink.flush();
        return refused;
    }

    @Test
    void whatIsAllowedIsKeptAndTheInsideCountsItsHits() throws IOException {
        outside.image("/good.png", Pictures.png(7), "");
        assertThat(sink.write(List.of(record(1, outside.url("/good.png"))))).isEmpty();
        sink.flush();
        assertThat(kept()).hasSize(1);
        try (Socket socket = new Socket("127.0.0.1", inside.port())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
        assertThat(inside.connections).hasValue(1);
    }

    /** Every notation of every private address, and names that lead to one. */
    private static List<String> insides() {
        List<String> hosts = new ArrayList<>(List.of(
                "localhost",
                "LOCALHOST",
                "localhost.",
                "127.1",
                "127.0.1",
                "0",
                "[::1]",
                "[::]",
                "[0:0:0:0:0:0:0:1]",
                "[fe80::1]",
                "[fe80::1%25lo]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[ff02::1]",
                "[2001:db8::1]",
                "[2001:0:7f00:1::]",
                "[fec0::1]",
                "[100::1]",
                "127.0.0.1.",
                "127%2E0.0.1",
                "%31%32%37.0.0.1",
                "127。0。0。1",
                "①②⑦.0.0.1",
                "user@127.0.0.1",
                "user:word@127.0.0.1",
                "good.example@127.0.0.1",
                "127.0.0.1#good.example",
                "127.0.0.1\\@good.example",
                "inside.example",
                "inside6.example",
                "metadata.example",
                "mixed.example",
                "rebinding.example",
                "127.0.0.1%00.good.example",
                "127.00000.0.1",
                "127.0.0.01",
                "0x7f.1",
                "[::127.0.0.1]"));
        for (String address : PRIVATE) {
            String[] parts = address.split("\\.");
            long number = 0;
            for (String part : parts) number = number << 8 | Long.parseLong(part);
            String hex = String.format("%08x", number);
            hosts.add(address);
            hosts.add(Long.toString(number));
            hosts.add("0x" + hex);
            hosts.add("0" + new BigInteger(hex, 16).toString(8));
            hosts.add("[::ffff:" + address + "]");
            hosts.add("[64:ff9b::" + hex.substring(0, 4) + ":" + hex.substring(4) + "]");
            hosts.add("[2002:" + hex.substring(0, 4) + ":" + hex.substring(4) + "::1]");
        }
        return hosts;
    }

    private List<String> otherWays() {
        String there = "127.0.0.1:" + inside.port() + "/cover.png";
        return List.of(
                "file:///etc/passwd",
                "ftp://" + there,
                "gopher://" + there,
                "jar:http://" + there + "!/x.png",
                "data:image/png;base64,iVBORw0KGgo=",
                "javascript:alert(1)",
                "//" + there,
                there,
                "http:" + there,
                "http:///" + there,
                "http://",
                "http://localhost:22/x.png",
                "https://" + there,
                "http://good.example:" + "99999/x.png",
                "http://good example/x.png",
                "http://127.0.0.1:" + outside.port() + "@127.0.0.1:" + inside.port() + "/cover.png",
                "http://" + "a".repeat(9000) + ".example/");
    }

    private List<String> bodies() {
        byte[] svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
                .getBytes(StandardCharsets.UTF_8);
        byte[] html = "<html><script>alert(1)</script></html>".getBytes(StandardCharsets.UTF_8);
        byte[] png = Pictures.png(3);
        String type = "Content-Type: image/png";
        List<ImageServer.Reply> replies = List.of(
                (request, out) -> ImageServer.send(out, "200 OK", svg, type),
                (request, out) -> ImageServer.send(out, "200 OK", svg, "Content-Type: image/svg+xml"),
                (request, out) -> ImageServer.send(out, "200 OK", html, type),
                (request, out) -> ImageServer.send(out, "200 OK", "BM123456789".getBytes(StandardCharsets.UTF_8), type),
                (request, out) -> ImageServer.send(out, "200 OK", "%PDF-1.7".getBytes(StandardCharsets.UTF_8), type),
                (request, out) -> ImageServer.send(out, "200 OK", new byte[0], type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.pngOf(100_000, 100_000), type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.pngOf(-1, -1), type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.pngOf(0, 5), type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.jpegOf(65_535, 65_535), type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.gifOf(65_535, 65_535), type),
                (request, out) -> ImageServer.send(out, "200 OK", Pictures.webpOf(1 << 23, 1 << 23), type),
                (request, out) -> ImageServer.send(out, "200 OK", Arrays.copyOf(png, 20), type),
                (request, out) -> ImageServer.send(out, "200 OK", zipped(png), type, "Content-Encoding: gzip"),
                (request, out) ->
                        ImageServer.send(out, "200 OK", zipped(new byte[50 << 20]), type, "Content-Encoding: gzip"),
                (request, out) -> ImageServer.head(out, "200 OK", type, "Content-Length: 99999999999"),
                (request, out) -> { // cut off
                    ImageServer.head(out, "200 OK", type, "Content-Length: " + (png.length + 10));
                    out.write(png);
                },
                (request, out) -> { // nobody says where it ends
                    ImageServer.head(out, "200 OK", type);
                    out.write(png);
                },
                (request, out) -> { // endless
                    ImageServer.head(out, "200 OK", type, "Transfer-Encoding: chunked");
                    while (true) {
                        out.write((Integer.toHexString(png.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        out.write(png);
                        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                },
                (request, out) -> { // an endless head
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) out.write("X-More: more\r\n".getBytes(StandardCharsets.US_ASCII));
                },
                (request, out) -> { // an endless line
                    out.write("HTTP/1.1 200 OK\r\nX-More: ".getBytes(StandardCharsets.US_ASCII));
                    while (true) out.write("more".getBytes(StandardCharsets.US_ASCII));
                },
                (request, out) -> { // endless answers before the answer
                    while (true) out.write("HTTP/1.1 103 Early Hints\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                },
                (request, out) -> drip(out, png),
                (request, out) -> waitFor(5_000),
                (request, out) -> ImageServer.head(out, "302 Found", "Location: " + outside.url(request.path())),
                (request, out) -> ImageServer.head(out, "302 Found"),
                (request, out) -> ImageServer.head(out, "302 Found", "Location: file:///etc/passwd"),
                (request, out) -> ImageServer.head(out, "429 Too Many", "Retry-After: 86400"),
                (request, out) -> ImageServer.head(out, "503 Busy", "Retry-After: 0"),
                (request, out) -> ImageServer.send(out, "206 Partial", png, type),
                (request, out) -> ImageServer.head(out, "304 Not Modified"),
                (request, out) -> ImageServer.send(out, "500 Error", png, type));
        List<String> urls = new ArrayList<>();
        replies.forEach(reply -> urls.add(outside(urls.size(), "/body-", reply)));
        return urls;
    }

    /** A byte now and then, for longer than anybody may take. */
    private static void drip(OutputStream out, byte[] png) throws IOException {
        ImageServer.head(out, "200 OK", "Content-Length: " + png.length);
        for (byte b : png) {
            out.write(b);
            waitFor(100);
        }
    }

    private static void waitFor(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private String outside(int number, String prefix, ImageServer.Reply reply) {
        outside.on(prefix + number, reply);
        return outside.url(prefix + number);
    }

    private List<Path> kept() throws IOException {
        Path covers = folder.resolve("cover-art");
        if (!Files.exists(covers)) return List.of();
        try (Stream<Path> all = Files.walk(covers)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Record record(int number, String url) {
        return Record.read(
                "k" + number,
                new Fields(List.of("id", "isbn_13", "cover_url")),
                new Object[] {"k" + number, "978" + number, url},
                new Origin("books", number));
    }
}
