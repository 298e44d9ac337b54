-- What each run read to its end or set aside, with the tag and size that it had then. A row is written by the statement that keeps the tag.
create table ledger.audit_input (
    run    bigint  not null,
    object text    not null,
    etag   text    not null,
    -- none where the store does not say
    size   bigint,
    aside  boolean not null,
    primary key (run, object)
);
create index audit_input_of_object on ledger.audit_input (object, run);

-- Where each run may have written, in words, and how many records when it has ended.
create table ledger.audit_output (
    run     bigint not null,
    sink    text   not null,
    places  text[] not null,
    -- objects that it put or deleted, where the sink says so
    objects text[] not null default '{}',
    written bigint,
    deleted bigint,
    primary key (run, sink)
);
create index audit_output_places on ledger.audit_output using gin (places);
create index audit_output_objects on ledger.audit_output using gin (objects);

-- where its objects are, in words
alter table ledger.audit add column source text not null default '';
