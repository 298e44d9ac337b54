-- Where a sink was before its generation changed or it left the pipeline: what was deleted since is kept, so that it is deleted there too
-- when the sink is back.
create table ledger.former_sink (
    flow       smallint    not null,
    sink       text        not null,
    generation text        not null,
    acked_run  bigint      not null,
    left_at    timestamptz not null default clock_timestamp(),
    primary key (flow, sink, generation)
);
