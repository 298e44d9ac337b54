-- What a sink that waits for everything was seen to hold already, by `caravan adopt`: a run does not write it again while the record is in
-- this form. Gone when the sink is acknowledged, reset, emptied or another one.
create table ledger.adopted (
    flow        smallint not null,
    sink        text     not null,
    key         text     collate "C" not null,
    changed_run bigint   not null,
    primary key (flow, sink, key)
);
