package io.caravan.record;

import io.caravan.record.KnownColumn.Change;

/**
 * What a reading found of a column that was not known.
 *
 * @param former its kind before; nothing of one that is new
 * @param object where it was found
 */
public record ColumnChange(String name, Change change, ColumnKind kind, ColumnKind former, String object) {}
