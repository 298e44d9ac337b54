package io.caravan.local;

/** Where a store answers and as whom; the password stays out of {@code toString}. */
public record Endpoint(String uri, String user, String password) {

    @Override
    public String toString() {
        return uri + (user.isEmpty() ? "" : " as " + user);
    }
}
