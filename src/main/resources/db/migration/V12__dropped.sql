-- Records that a filter or a choice of the route keeps from a sink: nobody expects them there. By sink and key, the id of the node that did it.
create table ledger.dropped (
    flow smallint not null,
    sink text     not null,
    key  text     collate "C" not null,
    node text     not null,
    primary key (flow, sink, key)
);
-- by the id of the node, as {"only-active": 12}
alter table ledger.delivery add column dropped jsonb not null default '{}';
