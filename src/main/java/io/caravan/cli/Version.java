package io.caravan.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest has it. */
final class Version implements IVersionProvider {

    static String text() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
        return "caravan " + version + " (Java " + System.getProperty("java.version") + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
