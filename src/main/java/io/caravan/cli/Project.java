package io.caravan.cli;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.settings.Configuration;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where pipelines and settings are found besides those that ship.
 *
 * @param folder of the project: where {@code application.properties}, {@code caravan.properties} and {@code data} are
 * @param routes folders with pipelines, absolute: {@code routes} of the project and of {@code CARAVAN_HOME}, and those named by
 *     {@code --routes}
 * @param datasets folders with datasets, absolute
 * @param jobs folders with jobs, absolute
 * @param profile of which {@code application-<profile>.properties} is read too
 * @param home the folder of the installation
 */
record Project(
        Path folder, List<Path> routes, List<Path> datasets, List<Path> jobs, Optional<String> profile, Path home) {

    private static final String OPTION = "--routes";
    private static final String PROFILE = "--profile";
    private static final String ROUTES = "routes";

    /**
     * The project of this process.
     *
     * @param home the folder of the installation, whose pipelines are on the class path
     * @param folder the folder of the project, which may be the same
     * @param caller the folder that relative paths on the command line start from
     * @param caravanHome what {@code CARAVAN_HOME} says; null for nothing
     */
    static Project of(Path home, Path folder, Path caller, String caravanHome, String... arguments) {
        Set<Path> found = new LinkedHashSet<>();
        if (!same(home, folder)) found.add(folder.resolve(ROUTES));
        if (caravanHome != null && !caravanHome.isBlank()) {
            Path shared = caller.resolve(caravanHome);
            new SettingChecks("caravan")
                    .must(Files.isDirectory(shared), "CARAVAN_HOME", "be a folder", caravanHome)
                    .check();
            if (!same(home, shared)) found.add(shared.resolve(ROUTES));
        }
        found.removeIf(routes -> !Files.isDirectory(routes));
        for (String named : named(OPTION, arguments)) {
            Path routes = caller.resolve(named);
            new SettingChecks("caravan")
                    .must(Files.isDirectory(routes), OPTION, "be a folder", named)
                    .check();
            found.add(routes);
        }
        List<String> profiles = named(PROFILE, arguments);
        for (String profile : profiles) {
            new SettingChecks("caravan")
                    .must(profile.matches("[A-Za-z0-9_-]+") && profiles.size() == 1, PROFILE, "be one name", profile)
                    .check();
        }
        List<Path> projects = new ArrayList<>(List.of(folder));
        if (caravanHome != null && !caravanHome.isBlank()) projects.add(caller.resolve(caravanHome));
        return new Project(
                folder.toAbsolutePath(),
                found.stream()
                        .map(r -> r.toAbsolutePath().normalize())
                        .distinct()
                        .toList(),
                DatasetFiles.folders(projects, List.copyOf(found)),
                JobFiles.folders(projects, List.copyOf(found)),
                profiles.stream().findFirst(),
                home.toAbsolutePath());
    }

    /** Its settings, and those that ship. */
    Configuration configuration() {
        return Configuration.load(folder, home, profile);
    }

    /** Its pipelines, and those that ship; from now on descriptions are found by their names below its folders. */
    Pipelines pipelines(String shipped) {
        System.setProperty(
                SettingFile.FOLDERS,
                routes.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        return Pipelines.in(shipped, datasets, jobs, routes.toArray(Path[]::new));
    }

    /** Looked for before the command is known, because the pipelines' parameters are its options. */
    private static List<String> named(String option, String... arguments) {
        List<String> named = new ArrayList<>();
        for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
            if (arguments[i].startsWith(option + "=")) named.add(arguments[i].substring(option.length() + 1));
            else if (arguments[i].equals(option) && i + 1 < arguments.length) named.add(arguments[++i]);
        }
        return named;
    }

    private static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}
