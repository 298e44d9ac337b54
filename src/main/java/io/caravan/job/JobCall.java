package io.caravan.job;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One run of a {@link Job}: what it was told, and what it can ask for.
 *
 * @param job the name of the job
 * @param folder where relative paths of the arguments start
 * @param settings makes of a name such as {@code caravan.objects.region} the setting's value, blank for none
 * @param stopped whether it was asked to end soon, by a signal or as its time is over
 * @param said gets a sentence for people as it goes on
 */
public record JobCall(
        String job,
        JobArguments arguments,
        Path folder,
        UnaryOperator<String> settings,
        BooleanSupplier stopped,
        Consumer<String> said) {

    public String setting(String name) {
        return settings.apply(name);
    }

    /** Tells whoever looks on. */
    public void say(String sentence) {
        said.accept(sentence);
    }
}
