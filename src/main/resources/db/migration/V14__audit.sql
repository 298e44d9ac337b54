-- Who did what with which code and settings, a row a run that may write. It stays when its pipeline is removed: run is the number that
-- ledger.run had for it. Nothing in it is a secret.
create table ledger.audit (
    run           bigint      primary key,
    pipeline      text        not null,
    mode          text        not null,
    os_user       text        not null,
    host          text        not null,
    -- who a setting says it is
    named         text        not null,
    command       text        not null,
    -- the route that called the pipeline, such as a schedule or a chain
    route         text        not null,
    version       text        not null,
    -- the settings: those with this hash, and over them what the command line said
    configuration bytea       not null,
    given         jsonb       not null,
    started_at    timestamptz not null,
    finished_at   timestamptz,
    status        text        not null,
    records_read  bigint      not null default 0
);
create index audit_of_pipeline on ledger.audit (pipeline, run desc);

-- once, however many runs had them
create table ledger.audit_configuration (
    hash     bytea primary key,
    settings jsonb not null
);
