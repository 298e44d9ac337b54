-- A pipeline's history, cut by days: one row is a slice, which a run of its own reads. While one waits or is paused, other runs read what
-- lies in no such slice. The slices of a flow are those of its last backfill.
create table ledger.backfill (
    flow       smallint    not null,
    since      date        not null,
    -- the day after its last
    until      date        not null,
    state      text        not null default 'waiting' check (state in ('waiting', 'paused', 'done', 'cancelled')),
    tries      integer     not null default 0,
    -- the last run of it
    run        bigint,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (flow, since)
);
