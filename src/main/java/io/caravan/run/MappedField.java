package io.caravan.run;

/**
 * A field of the source's records that a sink or step reads.
 *
 * @param reader the sink's name, or the step's Kamelet
 * @param sink whether a sink reads it
 * @param place what of the reader it fills, as in {@code column 'name'}
 * @param optional whether it is all right when no record has it
 */
record MappedField(String field, String reader, boolean sink, String place, boolean optional) {

    String sentence() {
        return place + " of " + reader;
    }
}
