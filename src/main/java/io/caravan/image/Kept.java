package io.caravan.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept for one record, a line of the inventory.
 *
 * @param key of the record
 * @param live whether there is the record still
 * @param images one a field, none for a record without
 * @param gone what the record needs no more and is still there: it goes once nothing points to it
 * @param coming what an upload was begun for: should the run die, something may be there
 * @param shown what a document may point to; an inventory that does not say takes it for all there is
 */
@JsonPropertyOrder({"key", "live", "images", "gone", "coming", "shown"})
record Kept(
        String key,
        boolean live,
        List<Image> images,
        List<Place> gone,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Place> coming,
        List<Place> shown) {

    /**
     * An image.
     *
     * @param field of the record that holds its URL
     * @param url where it came from
     * @param stored the store's tag of the object: one that differs was written by somebody else
     * @param md5 of its bytes, in hexadecimal digits
     * @param etag what its server said of it, with {@code modified}, to be shown next time; blank for nothing
     */
    record Image(
            String field,
            String url,
            Place place,
            String stored,
            String md5,
            String type,
            long bytes,
            String etag,
            String modified) {

        /** The same image for another field. */
        Image of(String other) {
            return new Image(other, url, place, stored, md5, type, bytes, etag, modified);
        }
    }

    Kept {
        images = List.copyOf(images);
        gone = List.copyOf(gone);
        coming = coming == null ? List.of() : List.copyOf(coming);
        shown = shown == null
                ? Stream.concat(images.stream().map(Image::place), gone.stream())
                        .toList()
                : List.copyOf(shown);
    }

    Optional<Image> image(String field) {
        return images.stream().filter(image -> image.field().equals(field)).findFirst();
    }
}
