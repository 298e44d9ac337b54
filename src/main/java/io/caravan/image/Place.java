package io.caravan.image;

/** Where an image is kept: a container (a bucket, or a folder), and the name in it. */
record Place(String container, String blob) {

    /** As a URL ends with it. */
    String path() {
        return container + "/" + blob;
    }
}
