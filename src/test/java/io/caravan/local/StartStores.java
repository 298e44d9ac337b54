package io.caravan.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A Caravan that starts stores, tells where they answer, and waits to be killed. */
final class StartStores {

    private StartStores() {}

    public static void main(String[] args) throws InterruptedException {
        List<String> names = Arrays.asList(args).subList(1, args.length);
        Map<String, Endpoint> endpoints =
                LaptopStores.all(Path.of(args[0]), System.err::println).start(names);
        names.forEach(
                name -> System.out.println("started " + endpoints.get(name).uri()));
        Thread.sleep(Long.MAX_VALUE);
    }

    /** Starts a JVM with this main. */
    static Process inJvm(Path dataDir, String... names) throws IOException {
        return inJvm(new File("/dev/null"), dataDir, names);
    }

    /** {@code errors}: where its standard error goes. */
    static Process inJvm(File errors, Path dataDir, String... names) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartStores.class.getName(),
                dataDir.toString()));
        command.addAll(List.of(names));
        return new ProcessBuilder(command).redirectError(errors).start();
    }

    /** The URIs it tells. */
    static List<String> uris(Process jvm, int count) throws IOException {
        List<String> uris = new ArrayList<>();
        BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8);
        for (String line; uris.size() < count && (line = out.readLine()) != null; ) {
            if (line.startsWith("started ")) uris.add(line.substring("started ".length()));
        }
        return uris;
    }

    static void kill(Process jvm) throws InterruptedException {
        jvm.destroyForcibly().waitFor();
    }
}
