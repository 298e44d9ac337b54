package io.caravan.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The variables of this process, and below them those of files. */
public final class Environment {

    /**
     * A variable that is there.
     *
     * @param origin its name, and the file it stands in
     */
    public record Variable(String name, String value, String origin) {}

    private final UnaryOperator<String> process;
    private final Set<String> ofProcess;
    private final Map<String, Variable> ofFiles;

    private Environment(UnaryOperator<String> process, Set<String> ofProcess, Map<String, Variable> ofFiles) {
        this.process = process;
        this.ofProcess = ofProcess;
        this.ofFiles = ofFiles;
    }

    /** Those of this process. */
    public static Environment ofProcess() {
        return new Environment(System::getenv, System.getenv().keySet(), Map.of());
    }

    /** A look-up that answers null for what is not set, and does not know all names. */
    public static Environment of(UnaryOperator<String> process) {
        return new Environment(process, Set.of(), Map.of());
    }

    /** The same, and under all that is known already what a file says. */
    public Environment over(String file, Map<String, String> variables) {
        Map<String, Variable> more = new LinkedHashMap<>(ofFiles);
        variables.forEach((name, value) -> more.putIfAbsent(name, new Variable(name, value, name + " in " + file)));
        return new Environment(process, ofProcess, more);
    }

    public Optional<Variable> variable(String name) {
        String value = process.apply(name);
        if (value != null) return Optional.of(new Variable(name, value, name));
        return Optional.ofNullable(ofFiles.get(name));
    }

    /** Its value; null for what is not set. */
    public String value(String name) {
        return variable(name).map(Variable::value).orElse(null);
    }

    /** Whether it is only in a file, so that nobody else in this process knows it. */
    public boolean onlyInFile(String name) {
        return process.apply(name) == null && ofFiles.containsKey(name);
    }

    /** The names that are known. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>(ofProcess);
        names.addAll(ofFiles.keySet());
        return names;
    }
}
