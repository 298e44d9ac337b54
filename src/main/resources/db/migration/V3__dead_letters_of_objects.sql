-- Asked after each object that was read: without it, every object costs a look at every open letter of the flow.
create index dead_letter_of_object on ledger.dead_letter (flow, object) where state = 'open' and stage = 'source';
