package io.caravan.query;

import java.util.Optional;
import java.util.stream.Collector;

/** The mean of the vectors that are not zero, of which it keeps none; zero if there are none of these, empty without any. */
final class Mean {

    private double[] sum = {};
    private int counted;

    static Collector<float[], Mean, Optional<float[]>> collector() {
        return Collector.of(Mean::new, Mean::add, (one, other) -> one.with(other), Mean::get);
    }

    private void add(float[] vector) {
        if (sum.length == 0) sum = new double[vector.length];
        boolean zero = true;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
            zero &= vector[i] == 0;
        }
        if (!zero) counted++;
    }

    private Mean with(Mean other) {
        if (sum.length == 0) return other;
        for (int i = 0; i < other.sum.length; i++) sum[i] += other.sum[i];
        counted += other.counted;
        return this;
    }

    private Optional<float[]> get() {
        if (sum.length == 0) return Optional.empty();
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) mean[i] = (float) (sum[i] / Math.max(counted, 1));
        return Optional.of(mean);
    }
}
