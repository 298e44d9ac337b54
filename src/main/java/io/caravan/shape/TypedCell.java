package io.caravan.shape;

import java.time.DateTimeException;
import java.util.Optional;

/** A value of a type. */
record TypedCell(String place, FieldType type) implements Cell {

    @Override
    public Optional<Object> of(Object value, Row row) {
        try {
            return Optional.of(type.convert().apply(value));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw Refusal.of(place, type.rule(), value, type.remedy() + " in the cell, or give the field another type");
        }
    }
}
