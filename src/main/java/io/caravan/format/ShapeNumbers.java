package io.caravan.format;

import io.caravan.record.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small numbers for the shapes of records, as many as honest sources have. Not thread-safe. */
final class ShapeNumbers {

    private static final int REMEMBERED = 1000;

    private final Map<Fields, Integer> numbers = new HashMap<>();
    private final List<Fields> shapes = new ArrayList<>();
    private Fields last;
    private int lastNumber;

    /** The number of a shape; -1 when there are too many to remember. */
    int of(Fields fields) {
        if (fields == last) return lastNumber;
        Integer number = numbers.get(fields);
        if (number == null) {
            if (shapes.size() == REMEMBERED) return -1;
            number = shapes.size();
            shapes.add(fields);
            numbers.put(fields, number);
        }
        last = fields;
        lastNumber = number;
        return number;
    }

    Fields shape(int number) {
        return shapes.get(number);
    }
}
