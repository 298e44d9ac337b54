package io.caravan.run;

import java.util.Map;

/**
 * How this process was called and what is set in it, as the ledger's audit keeps it: who starts Camel binds one to its registry
 * as {@link #NAME}. Nothing of it may be a secret.
 */
public interface Invocation {

    String NAME = "caravanInvocation";

    /** The command with its arguments. */
    String command();

    /** Of the code. */
    String version();

    /** Every setting but those that the command line says. */
    Map<String, String> settings();

    /** The settings that the command line says. */
    Map<String, String> given();
}
