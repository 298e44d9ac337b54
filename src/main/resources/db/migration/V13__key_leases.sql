-- the right to run what has a key in common, such as a job for one agency; a key stays, so that its tokens never begin again while a
-- holder is suspended
create table ledger.key_lease (
    key        text        primary key,
    token      bigint      not null,
    holder     text        not null,
    process    text        not null default '',
    renewed_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
