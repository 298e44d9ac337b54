-- The records of a batch that is no more are found without a look at all others.
create index record_state_of_batch on ledger.record_state (flow, batch) where not dead;

-- What an older Caravan left unswept and did not remember.
insert into ledger.former_batch (flow, fingerprint, object)
    select distinct s.flow, s.batch, '' from ledger.record_state s join ledger.flow f on f.id = s.flow
    where f.unswept and not s.dead and not exists
        (select 1 from ledger.batch_state b where b.flow = s.flow and b.fingerprint = s.batch)
    on conflict do nothing;
