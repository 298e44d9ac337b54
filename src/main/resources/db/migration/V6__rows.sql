-- What the source's settings said is in scope when its deletes were last settled; null: before anybody kept it.
alter table ledger.flow add column scope text;

-- Batches that are no more while rows may still name them: the object they were of, so that a row's delete can wait for it.
create table ledger.former_batch (
    flow        smallint not null,
    fingerprint bytea    not null,
    object      text     not null,
    primary key (flow, fingerprint)
);

-- Too much of it could not be read when it was last tried: nothing of it is deleted.
alter table ledger.object_state add column aside boolean not null default false;

-- Its sink never had any form of the record: it refused the very first.
alter table ledger.dead_letter add column unheld boolean not null default false;
-- The last run counted it among those that the pipeline tolerates.
alter table ledger.dead_letter add column tolerated boolean not null default false;

-- Rows of an object that are known to be unreadable count as read when the object is skipped, whatever became of their letters.
drop index ledger.dead_letter_of_object;
create index dead_letter_of_object on ledger.dead_letter (flow, object)
    where stage = 'source' and state in ('open', 'accepted', 'discarded');
-- A row that was accepted is known again when it stands on another line.
create index dead_letter_accepted on ledger.dead_letter (flow, object, md5(content))
    where stage = 'source' and state = 'accepted';
-- Asked for each tombstone; mostly empty.
create index dead_letter_unheld on ledger.dead_letter (flow, identity)
    where unheld and state in ('open', 'accepted', 'discarded');
