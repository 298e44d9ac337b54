package io.caravan.job;

/**
 * The tables that hold jobs: one schema with the same columns in each database that has any, so that the same statements serve
 * all. A job whose end must be one transaction with what it loads lies in the database that this is loaded into.
 */
public enum JobTable {
    /** Of jobs that anyone adds. */
    LEDGER("jobs", "1", "caravan.ledger"),
    /** Of books, whose star schema lies beside it. */
    BOOKS("books", "2", "caravan.warehouse");

    private final String schema;
    private final String newest;
    private final String settings;

    JobTable(String schema, String newest, String settings) {
        this.schema = schema;
        this.newest = newest;
        this.settings = settings;
    }

    /** The schema, which people write before a job's number: {@code books/17}. */
    public String schema() {
        return schema;
    }

    /** Where its migrations are. */
    String migrations() {
        return "classpath:db/" + schema;
    }

    /** The newest of them; a test compares it with the folder. */
    String newest() {
        return newest;
    }

    /** What the settings of its database begin with. */
    public String settings() {
        return settings;
    }
}
