package io.caravan.shape;

/** A class with methods that are a {@link ShapeFunction}; found by {@link java.util.ServiceLoader}. */
public interface ShapeFunctions {}
