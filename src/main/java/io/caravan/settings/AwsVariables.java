package io.caravan.settings;

import java.util.Map;

/** AWS's variables that stand only in a file, told to AWS's clients, which read the process's environment themselves. */
final class AwsVariables {

    private static final String KEY = "AWS_ACCESS_KEY_ID";

    private static final Map<String, String> PROPERTIES = Map.of(
            KEY,
            "aws.accessKeyId",
            "AWS_SECRET_ACCESS_KEY",
            "aws.secretAccessKey",
            Aliases.AWS_TOKEN,
            "aws.sessionToken",
            "AWS_REGION",
            "aws.region");

    private AwsVariables() {}

    /** As system properties; keys belong together, so that none of a file is mixed with one of the process. */
    static void tell(Environment environment) {
        PROPERTIES.forEach((name, property) -> {
            boolean ofFile =
                    environment.onlyInFile(property.equals("aws.region") ? name : KEY) && environment.onlyInFile(name);
            if (ofFile && System.getProperty(property) == null) {
                System.setProperty(property, environment.value(name).strip());
            }
        });
    }
}
