package io.caravan.ledger;

/** A process of this machine that is no more: no machine gives that number. */
public final class DeadProcess {

    private DeadProcess() {}

    public static ProcessId id() {
        ProcessId here = ProcessId.current();
        return new ProcessId(here.host(), here.boot(), here.space(), 4_194_305, "1");
    }
}
