package io.caravan.embedding;

/** The L2 norm of vectors. */
final class Lengths {

    private Lengths() {}

    /** Gives the vector the length 1; the zero vector stays what it is. */
    static void unit(float[] vector) {
        double squares = 0;
        for (float v : vector) squares += (double) v * v;
        if (squares == 0) return;
        float length = (float) Math.sqrt(squares);
        for (int d = 0; d < vector.length; d++) vector[d] /= length;
    }

    /** Whether all numbers are finite. */
    static boolean finite(float[] vector) {
        for (float v : vector) if (!Float.isFinite(v)) return false;
        return true;
    }
}
