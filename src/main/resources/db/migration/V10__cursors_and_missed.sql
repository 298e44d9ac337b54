-- How many whole readings in a row lacked the record, where a delete needs more than one (deletesAfter).
alter table ledger.record_state add column missed smallint not null default 0;

-- Keys that every reading from this position on shows, as their cursor is beyond the store's clock or no value at all: one that is not
-- met again was corrected or deleted where the position cannot show it.
alter table ledger.checkpoint add column owed text[] not null default '{}';

-- Letters of rows are known by key from now on, of sources that are read from a position on; those that are known by their line end with a
-- whole reading.
delete from ledger.checkpoint c where exists (select 1 from ledger.dead_letter d where d.flow = c.flow and d.stage = 'source'
    and d.line > 0 and d.key is null and d.state in ('open', 'accepted', 'discarded'));
