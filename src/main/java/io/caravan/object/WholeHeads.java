package io.caravan.object;

import java.io.EOFException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Sends a request again whose answer ended inside its headers: the client takes it for a whole one without content, which of a
 * listing means that there is nothing.
 */
final class WholeHeads implements ExecutionInterceptor {

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        SdkHttpResponse answer = context.httpResponse();
        if (!answer.isSuccessful() || answer.statusCode() == 204 || endIsTold(answer)) return;
        EOFException cut = new EOFException("the answer ended inside its headers");
        throw SdkClientException.create(cut.getMessage(), cut);
    }

    /** Of every answer with content HTTP/1.1 tells in the headers how its end is known. */
    private static boolean endIsTold(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("Content-Length").isPresent()
                || answer.firstMatchingHeader("Transfer-Encoding")
                        .filter("chunked"::equalsIgnoreCase)
                        .isPresent()
                || answer.firstMatchingHeader("Connection")
                        .filter("close"::equalsIgnoreCase)
                        .isPresent();
    }
}
