package io.caravan.matrix;

/** The part of the {@link Matrix} with document stores. */
class MatrixMongodbIT extends Matrix {

    @Override
    boolean has(String kamelet) {
        return kamelet.equals(MONGODB);
    }
}
