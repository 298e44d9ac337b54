-- A ledger of commit eb2bb1f (migrations 1 to 4) after two runs of pipeline things, and its two sinks: written by that
-- commit's classes, dumped table by table. Its input is in UpgradeTest.
create schema ledger;
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
-- Every text that was ever embedded, by the model that did it: no text is embedded twice.
create table ledger.embedding_cache (
    model text not null,        -- Embedder.model(): name, digest of the files, settings
    text_hash bytea not null,   -- SHA-256 of the text in UTF-8
    vector bytea not null,      -- IEEE 754 single precision, little-endian
    primary key (model, text_hash)
);
-- floats do not compress: do not try
alter table ledger.embedding_cache alter column vector set storage external;
-- Asked after each object that was read: without it, every object costs a look at every open letter of the flow.
create index dead_letter_of_object on ledger.dead_letter (flow, object) where state = 'open' and stage = 'source';
-- What an API answered, so that asking again costs nothing for a while.
create table ledger.response_cache (
    api        text        not null,
    request    text        not null,
    status     smallint    not null,
    body       bytea       not null,
    fetched_at timestamptz not null default clock_timestamp(),
    primary key (api, request)
);

-- When the next request may be sent to an API, by whichever worker.
create table ledger.api_pace (
    api     text primary key,
    next_at timestamptz not null
);
create table ledger.flyway_schema_history (installed_rank integer not null primary key, version varchar(50), description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time integer not null, success boolean not null);
create index flyway_schema_history_s_idx on ledger.flyway_schema_history (success);
create table sink_left (key text primary key, content text not null);
create table sink_right (key text primary key, content text not null);
insert into ledger.flow overriding system value values ('1', 'things', 'false');
alter table ledger.flow alter column id restart with 2;
insert into ledger.run overriding system value values ('1', '1', 'run', 'partial', '2026-11-29 12:42:52.210309+00', '2026-11-29 12:42:53.100399+00', '9', NULL);
insert into ledger.run overriding system value values ('2', '1', 'run', 'partial', '2026-11-29 12:42:53.674215+00', '2026-11-29 12:42:53.949558+00', '8', NULL);
alter table ledger.run alter column id restart with 3;
insert into ledger.batch_state values ('1', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'a.csv', '2', '2', 'false', '5');
insert into ledger.batch_state values ('1', E'\\x3fbd8b606793238c5bd84c7f5b2a2b12', 'b.csv', '1', '2', 'false', '3');
insert into ledger.dead_letter overriding system value values ('1', '1', 'left', 'key k3', 'k3', 'sink', 'a.csv', '5', 'text must be better', '{"key":"k3","hash":"80ec169940653e81326679f9b97f78c7","fields":[["id","k3"],["size","3"],["text","text 3"]]}', 'open', '1', '1', '2026-11-29 12:42:52.960203+00', '2026-11-29 12:42:52.960204+00');
insert into ledger.dead_letter overriding system value values ('2', '1', '', 'key odd', 'odd', 'ConvertTypes', 'b.csv', '4', 'convert-types-action: size must be a whole number of 64 bits, got ''many''', '{"key":"odd","hash":"a0e57a4307c3d0555faf815453442e0a","fields":[["id","odd"],["size","many"],["text","not a number"]]}', 'open', '1', '1', '2026-11-29 12:42:53.066911+00', '2026-11-29 12:42:53.066911+00');
alter table ledger.dead_letter alter column id restart with 3;
insert into ledger.delivery values ('1', 'left', '7', '0', '0', '2', NULL);
insert into ledger.delivery values ('1', 'right', '8', '0', '0', '1', NULL);
insert into ledger.delivery values ('2', 'left', '1', '7', '1', '0', NULL);
insert into ledger.delivery values ('2', 'right', '1', '7', '1', '0', NULL);
insert into ledger.flyway_schema_history values ('0', NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"ledger"', NULL, 'caravan', '2026-11-29 12:42:51.471804', '0', 'true');
insert into ledger.flyway_schema_history values ('1', '1', 'ledger', 'SQL', 'V1__ledger.sql', '-1815803817', 'caravan', '2026-11-29 12:42:51.753383', '78', 'true');
insert into ledger.flyway_schema_history values ('2', '2', 'embedding cache', 'SQL', 'V2__embedding_cache.sql', '830963737', 'caravan', '2026-11-29 12:42:51.869748', '7', 'true');
insert into ledger.flyway_schema_history values ('3', '3', 'dead letters of objects', 'SQL', 'V3__dead_letters_of_objects.sql', '1578464461', 'caravan', '2026-11-29 12:42:51.904336', '23', 'true');
insert into ledger.flyway_schema_history values ('4', '4', 'responses', 'SQL', 'V4__responses.sql', '-34050860', 'caravan', '2026-11-29 12:42:51.958854', '14', 'true');
insert into ledger.lease values ('1', '2', 'run of process 10884 on vm', '2026-11-29 12:42:53.953695+00');
insert into ledger.object_state values ('1', 'a.csv', '81-1795956173187517802-(dev=fe00,ino=10428422)', 'true', '2');
insert into ledger.object_state values ('1', 'b.csv', '61-1795956166911726087-(dev=fe00,ino=10429867)', 'true', '2');
insert into ledger.record_state values ('1', 'm0', E'\\x21ce5bda3726b8bfb36fe698f8ab17f6', '1', '1', E'\\x3fbd8b606793238c5bd84c7f5b2a2b12', 'false');
insert into ledger.record_state values ('1', 'm1', E'\\x55a843c25f72834bc6b90c8fbb6ccfe8', '1', '1', E'\\x3fbd8b606793238c5bd84c7f5b2a2b12', 'false');
insert into ledger.record_state values ('1', 'odd', E'\\xa0e57a4307c3d0555faf815453442e0a', '1', '1', E'\\x3fbd8b606793238c5bd84c7f5b2a2b12', 'false');
insert into ledger.record_state values ('1', 'k0', E'\\x7850439b3d8fb9412f49417f76d8ea1f', '1', '1', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'false');
insert into ledger.record_state values ('1', 'k1', E'\\x1068c32e5495968de1d3f6be70d8c833', '1', '1', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'false');
insert into ledger.record_state values ('1', 'k2', E'\\xdf7bd306057eccd8e807732deb787709', '1', '1', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'false');
insert into ledger.record_state values ('1', 'k3', E'\\x80ec169940653e81326679f9b97f78c7', '1', '1', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'false');
insert into ledger.record_state values ('1', 'k4', E'\\x3d230ae2530a72a62fb51634c5a23333', '1', '2', E'\\x6bdfc4b0247e1e21171836ba9719c494', 'false');
insert into ledger.sink_state values ('1', 'left', 'd866a6c74444a69b9744ca9aaeea55d4', '2');
insert into ledger.sink_state values ('1', 'right', '8eeba11a32bbf3a89dbc60acb8f4072e', '2');
insert into public.sink_left values ('k0', 'id=k0,size=0,text=text 0');
insert into public.sink_left values ('k1', 'id=k1,size=1,text=text 1');
insert into public.sink_left values ('k2', 'id=k2,size=2,text=text 2');
insert into public.sink_left values ('m0', 'id=m0,size=10,text=more 0');
insert into public.sink_left values ('m1', 'id=m1,size=11,text=more 1');
insert into public.sink_left values ('k4', 'id=k4,size=4,text=text 4 changed');
insert into public.sink_right values ('k0', 'id=k0,size=0,text=text 0');
insert into public.sink_right values ('k1', 'id=k1,size=1,text=text 1');
insert into public.sink_right values ('k2', 'id=k2,size=2,text=text 2');
insert into public.sink_right values ('k3', 'id=k3,size=3,text=text 3');
insert into public.sink_right values ('m0', 'id=m0,size=10,text=more 0');
insert into public.sink_right values ('m1', 'id=m1,size=11,text=more 1');
insert into public.sink_right values ('k4', 'id=k4,size=4,text=text 4 changed');
