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
