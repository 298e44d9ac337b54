package io.caravan.shape;

/**
 * A field of a shaped document.
 *
 * @param place how errors call it: {@code books.author}
 * @param kept whether the document has it; else it is there for functions only
 * @param flat whether the fields of its value, a map, stand in its place
 * @param required whether a row that makes no value for it is refused
 */
record ShapedField(String place, String name, boolean kept, boolean flat, boolean required, Rule rule) {}
