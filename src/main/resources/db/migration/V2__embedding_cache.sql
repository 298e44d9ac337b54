-- Every text that was ever embedded, by the model that did it: no text is embedded twice.
create table ledger.embedding_cache (
    model text not null,        -- Embedder.model(): name, digest of the files, settings
    text_hash bytea not null,   -- SHA-256 of the text in UTF-8
    vector bytea not null,      -- IEEE 754 single precision, little-endian
    primary key (model, text_hash)
);
-- floats do not compress: do not try
alter table ledger.embedding_cache alter column vector set storage external;
