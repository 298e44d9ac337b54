-- The fields that sinks and steps read, as far as a record of the object had them: when the run before succeeded, and when it was read
-- last. Null: nobody knows. By these a run sees that a field is in no record any more.
alter table ledger.object_state add column fields text[];
alter table ledger.object_state add column read_fields text[];
