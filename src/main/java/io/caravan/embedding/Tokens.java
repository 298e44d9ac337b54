package io.caravan.embedding;

/** How many tokens the model reads of a text, and whether the text has more. */
record Tokens(int read, boolean cut) {}
