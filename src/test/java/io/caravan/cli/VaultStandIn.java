package io.caravan.cli;

import org.apache.camel.spi.PropertiesFunction;

/** Answers for a vault whose component is on the class path: {@code {{hashicorp:<mount>:<name>}}} is {@code vault-<name>}. */
public final class VaultStandIn implements PropertiesFunction {

    @Override
    public String getName() {
        return "hashicorp";
    }

    @Override
    public String apply(String remainder) {
        return "vault-" + remainder.split(":")[1];
    }
}
