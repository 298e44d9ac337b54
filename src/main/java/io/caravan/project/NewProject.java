package io.caravan.project;

import java.util.Map;

/** The files of a project with one pipeline, orders from CSV files to a table: they run as they are. */
public final class NewProject {

    /** The settings of a project. */
    public static final String SETTINGS = "application.properties";

    private NewProject() {}

    /** {@code folder}: how people call it. */
    public static NewFiles of(String folder, String pipeline) {
        NewFiles files = frame(folder, pipeline, "input/" + pipeline + "/");
        files.add(SETTINGS, Template.text("project.properties", Map.of()) + settings(pipeline));
        return orders(files, pipeline);
    }

    /** The pipeline alone, for a project that is there. */
    public static NewFiles pipeline(String pipeline) {
        return orders(new NewFiles(), pipeline).append(SETTINGS, settings(pipeline));
    }

    /** What every project has, but for its settings; {@code input}: where the pipeline reads. */
    static NewFiles frame(String folder, String pipeline, String input) {
        Map<String, String> words = Map.of("folder", folder, "name", pipeline, "input", input);
        return new NewFiles()
                .add("README.md", Template.text("project.README.md", words))
                .add(".gitignore", Template.text("project.gitignore", words));
    }

    private static NewFiles orders(NewFiles files, String pipeline) {
        Map<String, String> words = Map.of("name", pipeline, "table", table(pipeline));
        String tried = "tests/" + pipeline + "/first-orders/";
        return files.add(
                        "routes/" + pipeline + "/" + pipeline + ".camel.yaml",
                        Template.text("orders/pipeline.camel.yaml", words))
                .add("routes/" + pipeline + "/table.yaml", Template.text("orders/table.yaml", words))
                .add("input/" + pipeline + "/orders.csv", Template.text("orders/orders.csv", words))
                .add(tried + "input/orders.csv", Template.text("orders/case/orders.csv", words))
                .add(tried + "expected/records.jsonl", Template.text("orders/case/records.jsonl", words))
                .add(tried + "expected/dead-letters.jsonl", Template.text("orders/case/dead-letters.jsonl", words));
    }

    private static String settings(String pipeline) {
        return Template.text("orders/settings.properties", Map.of("name", pipeline));
    }

    /** The name of a pipeline as one of a table. */
    static String table(String pipeline) {
        return pipeline.replace('-', '_').replace('.', '_');
    }
}
