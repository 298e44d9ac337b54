-- Who holds a lease: host, boot, process id and its start, by which a run on the same machine sees that the holder is dead.
alter table ledger.lease add column process text not null default '';

-- A run that writes, or may still write, to a sink: written before its first write, removed when it says that it writes no more.
create table ledger.writer (
    flow    smallint    not null,
    sink    text        not null,
    run     bigint      not null,
    token   bigint      not null,
    process text        not null,
    since   timestamptz not null default clock_timestamp(),
    primary key (flow, sink, run)
);

-- What the sink's store holds as proof that it is still the one we wrote to; null: it was never asked to.
alter table ledger.sink_state add column marker text;
-- Somebody may have written to it what the ledger does not know: the next run that gives it everything also compares its keys.
alter table ledger.sink_state add column suspect boolean not null default false;
