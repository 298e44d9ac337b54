package io.caravan.matrix;

/** The part of the {@link Matrix} with the sources that have none of their own. */
class MatrixIT extends Matrix {

    @Override
    boolean has(String kamelet) {
        return !kamelet.equals(OBJECTS) && !kamelet.equals(MONGODB);
    }
}
