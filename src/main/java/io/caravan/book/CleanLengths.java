package io.caravan.book;

/** How many UTF-16 units of a text, and how many entries of a list, are kept. */
final class CleanLengths {

    static final int TITLE = 500;
    static final int NAME = 200;
    static final int GENRE = 80;
    static final int URL = 1000;
    static final int DESCRIPTION = 10_000;
    static final int AUTHORS = 50;
    static final int GENRES = 25;

    private CleanLengths() {}
}
