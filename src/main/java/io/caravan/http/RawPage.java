package io.caravan.http;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A page of a list as it came, whole.
 *
 * @param uri what was asked for
 * @param number its place in the list, from 1
 * @param headers of the answer, as far as they are looked at
 * @param elements how many the list in it has
 * @param came when it did
 */
record RawPage(
        URI uri, int number, int status, Map<String, List<String>> headers, byte[] bytes, int elements, Instant came) {}
