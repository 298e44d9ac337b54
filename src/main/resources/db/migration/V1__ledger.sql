-- The ledger: what every run saw, decided and did. docs/ledger.md explains the protocol these tables carry.
create table ledger.flow (
    id       smallint generated always as identity primary key,
    name     text     not null unique,
    -- a batch left batch_state since the last sweep, so rows without a batch may exist
    unswept  boolean  not null default false
);

create table ledger.run (
    id           bigint generated always as identity primary key,
    flow         smallint    not null references ledger.flow,
    mode         text        not null,
    status       text        not null,
    started_at   timestamptz not null default clock_timestamp(),
    finished_at  timestamptz,
    records_read bigint      not null default 0,
    problem      text
);
create index run_of_flow on ledger.run (flow, id desc);

create table ledger.delivery (
    run       bigint not null references ledger.run on delete cascade,
    sink      text   not null,
    written   bigint not null,
    unchanged bigint not null,
    deleted   bigint not null,
    dead      bigint not null,
    problem   text,
    primary key (run, sink)
);

create table ledger.lease (
    flow       smallint    primary key references ledger.flow,
    token      bigint      not null,
    holder     text        not null,
    expires_at timestamptz not null
);

create table ledger.record_state (
    flow        smallint not null,
    key         text     collate "C" not null,
    hash        bytea    not null,
    first_run   bigint   not null,
    changed_run bigint   not null,
    batch       bytea    not null,
    dead        boolean  not null default false,
    primary key (flow, key)
) with (fillfactor = 80);
create index record_state_tombstones on ledger.record_state (flow, key) where dead;

create table ledger.batch_state (
    flow        smallint not null,
    fingerprint bytea    not null,
    object      text     not null,
    changed_run bigint   not null,
    seen_run    bigint   not null,
    duplicates  boolean  not null,
    records     integer  not null,
    primary key (flow, fingerprint)
) with (fillfactor = 80);
create index batch_state_of_object on ledger.batch_state (flow, object);

create table ledger.object_state (
    flow     smallint not null,
    object   text     not null,
    etag     text     not null,
    complete boolean  not null,
    seen_run bigint   not null,
    primary key (flow, object)
);

create table ledger.sink_state (
    flow       smallint not null,
    sink       text     not null,
    generation text     not null,
    acked_run  bigint   not null,
    primary key (flow, sink)
);

create table ledger.dead_letter (
    id         bigint generated always as identity primary key,
    flow       smallint    not null,
    -- the sink that refused it; '' when no sink can have it (source or step refused it)
    sink       text        not null,
    -- the record's key; for a row without one: object and content
    identity   text        not null,
    key        text,
    stage      text        not null,
    object     text        not null,
    line       bigint      not null,
    reason     text        not null,
    content    text        not null,
    state      text        not null default 'open',
    run        bigint      not null,
    attempts   integer     not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    unique (flow, sink, identity)
);
create index dead_letter_open on ledger.dead_letter (flow, key) where state = 'open';

create table ledger.checkpoint (
    flow     smallint not null,
    source   text     not null,
    position text     not null,
    run      bigint   not null,
    primary key (flow, source)
);
