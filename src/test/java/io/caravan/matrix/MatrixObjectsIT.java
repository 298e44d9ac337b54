package io.caravan.matrix;

/** The part of the {@link Matrix} with files and buckets. */
class MatrixObjectsIT extends Matrix {

    @Override
    boolean has(String kamelet) {
        return kamelet.equals(OBJECTS);
    }
}
