package io.caravan.record;

/**
 * That a setting of a block names a field of records.
 *
 * @param place where in the setting, as in {@code column 'name'}
 * @param optional whether it is all right when no record has it
 */
public record FieldUse(String field, String place, boolean optional) {}
