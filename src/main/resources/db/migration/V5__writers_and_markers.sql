-- By what a run on the same machine sees that the holder of a lease is dead: see ProcessId.
alter table ledger.lease add column process text not null default '';
-- When the holder was last heard of.
alter table ledger.lease add column renewed_at timestamptz not null default clock_timestamp();

-- A run that writes, or may still write, to a sink: noted before its first write, removed when it says that it writes no more.
create table ledger.writer (
    flow         smallint not null,
    sink         text     not null,
    run          bigint   not null,
    process      text     not null,
    -- when another run first found it there, which it took the lease from
    suspected_at timestamptz,
    -- when the sink was last made to get everything anew because of it
    voided_at    timestamptz,
    primary key (flow, sink, run)
);

-- What the sink's store holds as long as it is the one we wrote to; null: nothing was written to it yet, or by an older Caravan.
alter table ledger.sink_state add column marker text;
