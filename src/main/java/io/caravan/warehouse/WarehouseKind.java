package io.caravan.warehouse;

import io.caravan.error.SettingChecks;

/** Which store keeps the warehouse's rows and is asked for them, as {@code caravan.warehouse.kind} says; anything else ends the start. */
public final class WarehouseKind {

    private static final String UNIT = "warehouse";

    /** {@code project} and {@code dataset}: where BigQuery keeps them; nothing to PostgreSQL. */
    // Object as Camel makes numbers of texts of digits, and then finds no constructor
    public WarehouseKind(Object kind, Object project, Object dataset) {
        boolean bigQuery = isBigQuery(kind.toString());
        String given = "be given where caravan.warehouse.kind is bigquery";
        new SettingChecks(UNIT)
                .must(!bigQuery || !project.toString().isBlank(), "caravan.warehouse.project", given, "")
                .must(!bigQuery || !dataset.toString().isBlank(), "caravan.warehouse.dataset", given, "")
                .check();
    }

    /** Whether it is bigquery, not postgresql; a third is a {@link io.caravan.error.ConfigurationException}. */
    public static boolean isBigQuery(String kind) {
        new SettingChecks(UNIT)
                .must(
                        kind.equals("postgresql") || kind.equals("bigquery"),
                        "caravan.warehouse.kind",
                        "be postgresql or bigquery",
                        kind)
                .check();
        return kind.equals("bigquery");
    }
}
