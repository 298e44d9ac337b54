-- A job of books becomes one like any other: a kind, a key and what it is told. Title, author and ISBN can still be asked for.

alter table books.job
    add kind text not null default 'books-work',
    add payload jsonb,
    add concurrency_key text;
alter table books.job alter kind drop default;
update books.job set payload = jsonb_strip_nulls(jsonb_build_object('title', title, 'author', author, 'isbn', isbn));
alter table books.job alter payload set not null;
alter table books.job drop title, drop author, drop isbn;
alter table books.job
    add title text not null generated always as (payload ->> 'title') stored,
    add author text not null generated always as (payload ->> 'author') stored,
    add isbn text generated always as (payload ->> 'isbn') stored;

alter table books.job drop constraint job_key_key, add unique (key, kind);
alter table books.job drop constraint job_status_check,
    add check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled'));
create index job_together on books.job (concurrency_key) where status = 'processing';

alter table books.attempt drop constraint attempt_outcome_check,
    add check (outcome in ('completed', 'failed', 'later', 'lost', 'cancelled'));
alter table books.attempt rename book to result;
