-- Which columns a source had: a row each time that one came, went or became of another kind. What is known of a column is its last row.
create table ledger.column_change (
    id     bigint      generated always as identity primary key,
    flow   smallint    not null,
    run    bigint      not null,
    began  timestamptz not null,
    name   text        not null,
    change text        not null,
    kind   text        not null,
    former text        not null,
    -- where it was found
    object text        not null
);
create index column_change_of_flow on ledger.column_change (flow, id);
