-- For which time of its schedule a run is, so that of several that start it for one time, each in its own way, one does it.
alter table ledger.run add column scheduled_for timestamptz;
create index run_scheduled on ledger.run (flow, scheduled_for) where scheduled_for is not null;
