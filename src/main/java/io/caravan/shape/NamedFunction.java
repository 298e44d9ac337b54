package io.caravan.shape;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** A function that a mapping may call by its name. */
record NamedFunction(String name, List<String> takes, Method method) {

    private static final Map<String, NamedFunction> ALL = all();

    /** By its name. */
    static Optional<NamedFunction> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, NamedFunction> all() {
        Map<String, NamedFunction> all = new TreeMap<>();
        ServiceLoader.load(ShapeFunctions.class, NamedFunction.class.getClassLoader()).stream()
                .flatMap(found -> List.of(found.type().getMethods()).stream())
                .forEach(method -> add(method, all));
        return all;
    }

    private static void add(Method method, Map<String, NamedFunction> all) {
        ShapeFunction said = method.getAnnotation(ShapeFunction.class);
        if (said == null) return;
        boolean fits = Modifier.isStatic(method.getModifiers())
                && method.getReturnType() == Optional.class
                && List.of(method.getParameterTypes()).equals(List.of(Arguments.class));
        if (!fits || all.put(said.value(), new NamedFunction(said.value(), List.of(said.takes()), method)) != null) {
            throw new IllegalStateException("shape function " + said.value() + ": " + method
                    + " must be static, take Arguments, give Optional" + " and have a name of its own");
        }
    }

    /** What it makes of these arguments; empty: nothing. */
    @SuppressWarnings("unchecked") // an Optional of whatever is a value of a record
    Optional<Object> call(String place, Map<String, Object> arguments) {
        try {
            return (Optional<Object>) method.invoke(null, new Arguments(place, arguments));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(name, e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
