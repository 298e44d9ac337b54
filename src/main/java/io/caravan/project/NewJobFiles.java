package io.caravan.project;

import java.util.Locale;
import java.util.Map;

/** The files of a job, with its function and a test: they run as they are. */
public final class NewJobFiles {

    private NewJobFiles() {}

    /** For a project that is there. */
    public static NewFiles of(String name) {
        StringBuilder type = new StringBuilder();
        for (String word : name.split("-"))
            type.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        Map<String, String> words = Map.of("name", name, "class", type.toString());
        String tried = "tests/" + name + "/first/";
        return new NewFiles()
                .add("jobs/" + name + ".job.yaml", Template.text("job/job.yaml", words))
                .add("jobs/" + type + ".java", Template.text("job/job.java", words))
                .add(tried + "arguments.txt", Template.text("job/arguments.txt", words))
                .add(tried + "expected/plan.txt", Template.text("job/plan.txt", words));
    }
}
