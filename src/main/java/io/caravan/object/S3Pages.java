package io.caravan.object;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** All objects of a bucket below a prefix, a page held at a time. The endpoint hides whether more follow: we hear it ourselves. */
final class S3Pages implements Iterator<S3Object> {

    private final S3Calls calls;
    private final String prefix;
    private Iterator<S3Object> page = Collections.emptyIterator();
    private String last;
    private boolean more = true;

    S3Pages(S3Calls calls, String prefix) {
        this.calls = calls;
        this.prefix = prefix;
    }

    @Override
    public boolean hasNext() {
        while (more && !page.hasNext()) page = nextPage().iterator();
        return page.hasNext();
    }

    @Override
    public S3Object next() {
        if (!hasNext()) throw new NoSuchElementException("no more objects");
        S3Object object = page.next();
        last = object.key();
        return object;
    }

    private List<S3Object> nextPage() {
        Heard heard = new Heard();
        List<S3Object> objects = calls.page(prefix, last, client -> client.addExecutionInterceptor(heard));
        more = heard.more(objects.isEmpty());
        return objects;
    }

    /** What the server answered to one request. */
    private static final class Heard implements ExecutionInterceptor {

        private ListObjectsResponse answer;

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            answer = (ListObjectsResponse) context.response();
        }

        boolean more(boolean empty) {
            if (answer == null) {
                if (empty) return false; // a mock in the endpoint's place
                // a client that lets nobody hear its answers: what follows the first page would count as deleted
                throw SdkClientException.create("the client does not show whether more objects follow");
            }
            Boolean truncated = answer.isTruncated();
            // an answer that does not say so is no listing, or not a whole one: it would lose what it does not show
            if (truncated == null || (truncated && empty)) {
                throw SdkClientException.create("the answer is not a whole page of a listing");
            }
            return truncated;
        }
    }
}
