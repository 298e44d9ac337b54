package io.caravan.dataset;

import java.util.List;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.TemplatedRouteDefinition;

/**
 * The routes of datasets. There is one template of a dataset's route; a dataset's file says what stands in its parameters, and
 * which of its steps there are. DatasetTwinTest has the same route in YAML.
 */
public final class DatasetRoutes extends RouteBuilder {

    private static final String TEMPLATE = "dataset";

    private static final String SCHEDULE = "caravan.schedule.";

    private final List<String> files;
    private final boolean scheduled;

    /**
     * @param files paths, or {@code classpath:<resource>}
     * @param scheduled whether the template {@code schedule} is there too: a dataset with a setting {@code
     *     caravan.schedule.<dataset>.cron} gets a trigger
     */
    public DatasetRoutes(List<String> files, boolean scheduled) {
        this.files = List.copyOf(files);
        this.scheduled = scheduled;
    }

    @Override
    public void configure() {
        // the model of a route says what the route does, so that a run can read its sinks there
        getContext()
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addRouteTemplateDefinitionConverter(TEMPLATE, TemplateValues::filledIn);
        routeTemplate(TEMPLATE)
                .templateParameter("dataset")
                .templateParameter("description")
                .templateParameter("source")
                .templateParameter("transform")
                .templateParameter("versions")
                .templateParameter("state")
                .templateParameter("announce")
                .templateParameter("noTransform")
                .templateParameter("noPublish")
                .templateParameter("noVersions")
                .templateParameter("noState")
                .templateParameter("noAnnounce")
                .templateParameter("noEnd")
                .from("kamelet:dataset-source?{{source}}")
                .routeDescription("{{description}}")
                .to("{{transform}}")
                .id("{{dataset}}-transform")
                .disabled("{{noTransform}}")
                .multicast()
                .id("{{dataset}}-publish")
                .disabled("{{noPublish}}")
                .parallelProcessing()
                .to("kamelet:versions-sink?{{versions}}")
                .id("{{dataset}}-versions")
                .disabled("{{noVersions}}")
                .to("kamelet:state-sink?{{state}}")
                .id("{{dataset}}-state")
                .disabled("{{noState}}")
                .to("kamelet:announce-sink?{{announce}}")
                .id("{{dataset}}-announce")
                .disabled("{{noAnnounce}}")
                .end()
                // a route must have a step, also one of a dataset that is only extracted
                .log(LoggingLevel.DEBUG, "{{dataset}}: nothing is published")
                .id("{{dataset}}-end")
                .disabled("{{noEnd}}");
        for (String file : files) {
            Dataset dataset = DatasetSources.dataset(getContext(), file);
            TemplatedRouteDefinition route = templatedRoute(TEMPLATE).routeId(dataset.id());
            new DatasetRoute(getContext(), file, dataset).parameters().forEach(route::parameter);
            if (scheduled
                    && getContext()
                            .getPropertiesComponent()
                            .resolveProperty(SCHEDULE + dataset.id() + ".cron")
                            .isPresent()) {
                templatedRoute("schedule").routeId("schedule-" + dataset.id()).parameter("pipeline", dataset.id());
            }
        }
    }
}
