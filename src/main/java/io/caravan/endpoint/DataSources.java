package io.caravan.endpoint;

import javax.sql.DataSource;
import org.apache.camel.component.jdbc.JdbcComponent;

/** What databases are reached by: the one of {@code camel.component.jdbc.data-source} wins over those made of settings. */
public final class DataSources {

    /** The registry's other data sources are no store's for sure: the ledger's is one. */
    public static final ClientKind<DataSource, JdbcComponent> KIND = new ClientKind<>(
            "dataSource",
            DataSource.class,
            "jdbc",
            "data-source",
            JdbcComponent.class,
            JdbcComponent::getDataSource,
            false);

    private DataSources() {}
}
