package io.caravan.settings;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.EnvPropertiesFunction;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.PropertiesFunction;

/** What <code>{{function:name}}</code> finds in settings and routes; what may be a secret is told to the mask when it is found. */
public final class PropertyFunctions {

    /** Those that may find a secret. */
    public static final String NAMES = "env|sys|secret|configmap|aws|azure|gcp|hashicorp|ibm|cyberark";

    /** Of components that ask a vault; not on our class path, but perhaps on the user's. */
    private static final List<String> VAULTS = List.of("aws", "azure", "gcp", "hashicorp", "ibm", "cyberark");

    private static final Pattern A_SECRET = Pattern.compile(
            "(?i).*(pass|pwd|(^|_)pw|secret|token|cred|auth|connection|uri|url|(access|account|api|private|signing)_?key).*");
    private static final Pattern ANY = Pattern.compile(".*");

    private PropertyFunctions() {}

    /** Before anything is resolved: {@code env} knows a {@code .env} too, {@code secret} and {@code configmap} are mounted files. */
    public static void begin(CamelContext context, Environment environment, Consumer<Collection<String>> secrets) {
        PropertiesComponent properties = context.getPropertiesComponent();
        properties.addPropertiesFunction(new Told(variables(environment), A_SECRET, secrets));
        for (String kind : List.of("secret", "configmap")) {
            PropertiesFunction function = properties.getPropertiesFunction(kind); // camel-kubernetes's own
            if (function == null) function = new MountedFiles(context, kind, environment);
            properties.addPropertiesFunction(new Told(function, kind.equals("secret") ? ANY : A_SECRET, secrets));
        }
    }

    /** Once Camel has read how to reach vaults, which their functions want to know when they are made. */
    public static void reachVaults(CamelContext context, Consumer<Collection<String>> secrets) {
        PropertiesComponent properties = context.getPropertiesComponent();
        for (String vault : VAULTS) {
            PropertiesFunction function = properties.getPropertiesFunction(vault);
            if (function != null) properties.addPropertiesFunction(new Told(function, ANY, secrets));
        }
    }

    private static PropertiesFunction variables(Environment environment) {
        PropertiesFunction process = new EnvPropertiesFunction();
        return new PropertiesFunction() {
            @Override
            public String getName() {
                return process.getName();
            }

            @Override
            public String apply(String remainder) {
                String name = remainder.split(":", 2)[0];
                return environment.onlyInFile(name) ? environment.value(name) : process.apply(remainder);
            }
        };
    }

    /** Another function, of which the mask is told what it finds under names that are those of secrets. */
    private record Told(PropertiesFunction function, Pattern names, Consumer<Collection<String>> secrets)
            implements PropertiesFunction {

        @Override
        public String getName() {
            return function.getName();
        }

        @Override
        public String apply(String remainder) {
            String found = function.apply(remainder);
            if (found != null && names.matcher(remainder).matches()) {
                found.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(this::tell);
            }
            return found;
        }

        private void tell(String line) {
            if (line.contains("://")) secrets.accept(Configuration.inUris(line));
            else secrets.accept(List.of(line));
        }

        @Override
        public boolean lookupFirst(String remainder) {
            return function.lookupFirst(remainder);
        }

        @Override
        public boolean optional(String remainder) {
            return function.optional(remainder);
        }
    }
}
