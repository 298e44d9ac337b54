package io.caravan.vector;

/** The cosine of the angle between two vectors, neither of them zero: -1 to 1, computed in 64 bits. */
final class Cosine {

    private Cosine() {}

    static double of(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return Math.max(-1, Math.min(1, dot / Math.sqrt(squaresA * squaresB)));
    }
}
