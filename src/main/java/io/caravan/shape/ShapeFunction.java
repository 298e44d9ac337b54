package io.caravan.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A public static method that derives a field, {@code Optional<?> name(Arguments given)}, of a class that {@code
 * META-INF/services/io.caravan.shape.ShapeFunctions} names. Its value depends on its arguments alone: never on the time, a random number or
 * what it was asked before.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ShapeFunction {

    /** The name by which a mapping calls it. */
    String value();

    /** The names of its arguments. */
    String[] takes();
}
