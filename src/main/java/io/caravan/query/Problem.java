package io.caravan.query;

/**
 * What an HTTP caller learns of a failure, as RFC 9457 has it.
 *
 * @param type always {@code about:blank}: the status says it all
 * @param title the name of the status
 * @param detail the sentence that says what is wrong and what to do
 * @param instance the path that was asked for
 */
public record Problem(String type, String title, int status, String detail, String instance) {

    /** The problem with the usual title of its status. */
    static Problem of(int status, String detail, String instance) {
        return new Problem("about:blank", title(status), status, detail, instance);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 503 -> "Service Unavailable";
            default -> status < 500 ? "Request Failed" : "Internal Server Error";
        };
    }
}
