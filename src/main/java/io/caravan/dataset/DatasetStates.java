package io.caravan.dataset;

import io.caravan.object.ObjectAccess;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** Makes the state that a dataset's file names; without, the ledger knows what is news. */
final class DatasetStates {

    private DatasetStates() {}

    /** {@code access}: who we are where the state is an object and the file does not say. */
    static Optional<SeriesState> of(CamelContext context, Dataset dataset, ObjectAccess access) {
        if (!dataset.keepsState()) return Optional.empty();
        boolean own = dataset.has("state.aws_access_key_id");
        ObjectAccess at = new ObjectAccess(
                access.endpoint(),
                dataset.has("state.aws_region") ? dataset.text("state.aws_region") : access.region(),
                own ? dataset.text("state.aws_access_key_id") : access.accessKey(),
                own ? dataset.text("state.aws_secret_access_key") : access.secretKey(),
                "",
                "",
                "",
                "",
                access.timeoutMillis());
        SeriesState state = StateSinks.state(
                dataset.text("state.kind"),
                dataset.stateFile().toString(),
                dataset.text("state.bucket"),
                dataset.text("state.key"),
                at);
        state.setCamelContext(context);
        return Optional.of(state);
    }
}
