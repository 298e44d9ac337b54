package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The beans of a user's folder: {@code .java} files beside routes and datasets, compiled when the routes start. A class with Camel's
 * {@code @BindToRegistry} is made by its constructor without arguments and is known by the name that it says, else by its own.
 */
final class UserBeans {

    private UserBeans() {}

    /** The sources below the folders with pipelines, and beside the files of datasets. */
    static List<Path> sources(List<String> datasets) {
        Stream<Path> beside = datasets.stream()
                .filter(file -> !file.startsWith("classpath:"))
                .map(file -> Path.of(file).toAbsolutePath().getParent())
                .distinct()
                .flatMap(ProjectFiles::in);
        return Stream.concat(ProjectFiles.all().stream(), beside)
                .map(file -> file.toAbsolutePath().normalize())
                .filter(file -> file.toString().endsWith(".java"))
                .distinct()
                .toList();
    }

    /** Makes their beans known to a context; throws a {@link ConfigurationException} that names file and line of what is wrong. */
    static void bind(CamelContext context, List<Path> sources) {
        if (sources.isEmpty()) return;
        ClassLoader parent = UserBeans.class.getClassLoader();
        try {
            Path classes = Files.createTempDirectory("caravan-beans-");
            compile(sources, classes);
            List<Path> compiled = compiled(classes);
            // open as long as the beans are, which is until the process ends
            @SuppressWarnings("resource")
            ClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, parent);
            for (Path file : compiled) bind(context, loader, classes.relativize(file));
            for (Path file : compiled) file.toFile().deleteOnExit();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> compiled(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        }
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new ConfigurationException("caravan: java must be a JDK, as " + sources.get(0)
                    + " is to be compiled, got one without a compiler; set JAVA_HOME to a JDK, or remove the file");
        }
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none", "-nowarn");
            if (compiler.getTask(null, files, said, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                return;
            }
        }
        List<String> problems = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> one : said.getDiagnostics()) {
            if (one.getKind() != Diagnostic.Kind.ERROR) continue;
            String file = one.getSource() == null ? "caravan" : one.getSource().getName();
            problems.add(file + ":" + one.getLineNumber() + ": java must compile, got '"
                    + one.getMessage(Locale.ROOT).lines().findFirst().orElse("") + "'");
        }
        throw new ConfigurationException(problems);
    }

    private static void bind(CamelContext context, ClassLoader loader, Path file) {
        String name = file.toString().replace(File.separatorChar, '.').replaceFirst("\\.class$", "");
        try {
            Class<?> type = Class.forName(name, true, loader);
            BindToRegistry annotation = type.getAnnotation(BindToRegistry.class);
            if (annotation == null) return;
            String simple = type.getSimpleName();
            String bean = annotation.value().isBlank()
                    ? simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1)
                    : annotation.value();
            Object made = type.getDeclaredConstructor().newInstance();
            CamelContextAware.trySetCamelContext(made, context);
            context.getRegistry().bind(bean, made);
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new ConfigurationException(
                    "caravan: bean must be a class with a public constructor that takes nothing"
                            + " and throws nothing, got '" + name + "': " + why);
        }
    }
}
