package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.tooling.maven.MavenArtifact;
import org.apache.camel.tooling.maven.MavenDownloaderImpl;
import org.apache.camel.tooling.maven.MavenGav;
import org.apache.camel.tooling.maven.MavenResolutionException;
import org.apache.camel.tooling.maven.RemoteArtifactDownloadListener;

/**
 * The jars of a server that is not part of Caravan. A list on the class path, {@code servers/<artifact>.jars}, has the SHA-256 and the
 * Maven coordinates of each.
 * <ul>
 *   <li>out: a folder in the user's cache with these jars and no others, there whole or not at all
 *   <li>fetched when first asked for, from the repositories, mirrors and proxies of {@code ~/.m2/settings.xml}, else from Maven
 *       Central; what {@code ~/.m2/repository} holds is not fetched again
 *   <li>errors: {@link UnavailableException} when a jar cannot be fetched, or is another than the list says
 * </ul>
 */
final class ServerJars {

    private static final String LOCAL_REPOSITORY = "maven.repo.local";

    private final MavenGav server;
    private final String remedy;
    private final Path cache;
    private final Consumer<String> news;

    /**
     * @param server coordinates, {@code group:artifact:version}
     * @param remedy what to do where nothing can be fetched
     * @param news is told that something is fetched, and how far it is
     */
    ServerJars(String server, String remedy, Path cache, Consumer<String> news) {
        this.server = MavenGav.parseGav(server);
        this.remedy = remedy;
        this.cache = cache;
        this.news = news;
    }

    /** The folder that holds them, after they were fetched if need be. */
    Path folder() {
        Path folder = cache.resolve(server.getArtifactId() + "-" + server.getVersion());
        if (Files.isDirectory(folder)) return folder;
        Map<String, String> list = list();
        try {
            Files.createDirectories(cache);
            Path incoming = Files.createTempDirectory(cache, "new-");
            try {
                news.accept(server.getArtifactId() + ": fetching " + server.getVersion()
                        + ", which is not part of Caravan: " + list.size() + " jars into " + folder + ", once");
                Path jars = Files.createDirectories(incoming.resolve("jars"));
                for (MavenArtifact jar : fetch(List.copyOf(list.keySet()), incoming.resolve("repository"))) {
                    Path file = jar.getFile().toPath();
                    check(file, list.get(coordinates(jar.getGav())));
                    Files.copy(file, jars.resolve(file.getFileName().toString()));
                }
                Files.move(jars, folder, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Folders.delete(incoming);
            }
        } catch (IOException e) {
            // somebody else was faster
            if (!Files.isDirectory(folder)) throw failure(folder, e.toString(), e);
        } catch (MavenResolutionException e) {
            throw failure(folder, e.getMessage(), e);
        }
        return folder;
    }

    /** SHA-256 by coordinates. */
    private Map<String, String> list() {
        String name = "servers/" + server.getArtifactId() + ".jars";
        Map<String, String> list = new LinkedHashMap<>();
        try (InputStream in = ServerJars.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " must be on the class path");
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.isBlank() || line.startsWith("#")) continue;
                String[] sumAndJar = line.split(" +", 2);
                list.put(sumAndJar[1], sumAndJar[0]);
            }
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
        return list;
    }

    /** Where there is no {@code ~/.m2/repository}, the downloader would leave what it got in a folder for temporary files. */
    private List<MavenArtifact> fetch(List<String> jars, Path ownRepository) throws MavenResolutionException {
        boolean none = System.getProperty(LOCAL_REPOSITORY) == null
                && !Files.isDirectory(Path.of(System.getProperty("user.home"), ".m2/repository"));
        if (none) System.setProperty(LOCAL_REPOSITORY, ownRepository.toString());
        try (MavenDownloaderImpl downloader = new MavenDownloaderImpl()) {
            downloader.setRemoteArtifactDownloadListener(new Count(jars.size()));
            downloader.start();
            return downloader.resolveArtifacts(jars, null, false, false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            if (none) System.clearProperty(LOCAL_REPOSITORY);
        }
    }

    private void check(Path jar, String expected) throws IOException {
        String got = sha256(jar);
        if (got.equals(expected)) return;
        throw new UnavailableException(
                server.getArtifactId() + ": the SHA-256 of " + jar.getFileName() + " must be " + expected + ", got '"
                        + got + "'; delete " + jar + " and try again, or ask who runs the repository it is from",
                null);
    }

    /** In hexadecimal digits. */
    static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a list has them: {@code group:artifact:version}, or {@code group:artifact:jar:classifier:version}. */
    static String coordinates(MavenGav gav) {
        String jar = gav.getClassifier().isEmpty() ? "" : gav.getPackaging() + ":" + gav.getClassifier() + ":";
        return gav.getGroupId() + ":" + gav.getArtifactId() + ":" + jar + gav.getVersion();
    }

    private UnavailableException failure(Path folder, String reason, Exception cause) {
        return new UnavailableException(
                server.getArtifactId() + ": its jars must be in " + folder + ", got none, and they cannot be fetched ("
                        + reason.lines().findFirst().orElse("")
                        + "); let ~/.m2/settings.xml name a mirror that can be reached,"
                        + " or copy that folder from a machine where Caravan has fetched it, or " + remedy,
                cause);
    }

    /** Says how far it is, four times. */
    private final class Count implements RemoteArtifactDownloadListener {

        private final int all;
        private final AtomicInteger fetched = new AtomicInteger();

        Count(int all) {
            this.all = all;
        }

        @Override
        public void artifactDownloading(
                String groupId, String artifactId, String version, String repositoryId, String repositoryUrl) {
            // counted when it is there
        }

        @Override
        public void artifactDownloaded(
                String groupId,
                String artifactId,
                String version,
                String repositoryId,
                String repositoryUrl,
                long elapsed) {
            int now = fetched.incrementAndGet();
            int quarter = Math.max(1, all / 4);
            if (now % quarter == 0) news.accept(server.getArtifactId() + ": fetched " + now + " of " + all + " jars");
        }
    }
}
