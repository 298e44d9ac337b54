-- The places in stores where a sink keeps its records, and no other pipeline's sink may: what is counted, compared and deleted there is its
-- own. place: a hash of the store, the place in it and what is named there.
create table ledger.sink_place (
    place text     not null primary key,
    flow  smallint not null,
    sink  text     not null
);
