-- Jobs that anyone adds and workers claim: the columns of books.job, which one code serves.

create table jobs.job (
    id              bigint generated always as identity primary key,
    kind            text        not null, -- the name of the job's file
    key             text        not null, -- what two of one kind have in common that are one
    payload         jsonb       not null, -- its parameters
    concurrency_key text,                 -- jobs with the same are not begun side by side
    status          text        not null default 'pending'
                                check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    created_at      timestamptz not null default clock_timestamp(),
    completed_at    timestamptz,
    error_message   text,
    retry_count     integer     not null default 0,
    attempts        integer     not null default 0,
    lost            integer     not null default 0, -- attempts whose worker was not heard of again
    not_before      timestamptz not null default clock_timestamp(),
    worker          text,
    token           bigint,
    leased_until    timestamptz,
    unique (key, kind)
);
create index job_pending on jobs.job (id) where status = 'pending';
create index job_leased on jobs.job (leased_until) where status = 'processing';
create index job_together on jobs.job (concurrency_key) where status = 'processing';
create index job_completed on jobs.job (completed_at) where status = 'completed';
create index job_failed on jobs.job (id) where status = 'failed';

create sequence jobs.claim_token;

-- how each attempt at a job ended
create table jobs.attempt (
    job        bigint      not null references jobs.job,
    attempt    integer     not null,
    token      bigint      not null,
    worker     text        not null,
    started_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    outcome    text check (outcome in ('completed', 'failed', 'later', 'lost', 'cancelled')),
    reason     text,
    answers    jsonb,
    result     jsonb,
    primary key (job, attempt)
);
