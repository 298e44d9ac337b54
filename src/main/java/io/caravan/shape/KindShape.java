package io.caravan.shape;

import java.util.List;

/** What the rows of a kind become. */
record KindShape(String kind, List<ShapedField> fields) {

    List<FromRows> rows() {
        return fields.stream()
                .map(ShapedField::rule)
                .filter(FromRows.class::isInstance)
                .map(FromRows.class::cast)
                .toList();
    }
}
