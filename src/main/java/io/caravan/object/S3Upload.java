package io.caravan.object;

import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.component.aws2.s3.utils.AWS2S3Utils;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/** One object on its way to S3: one request, or a multipart upload; the server checks the MD5 of each. */
final class S3Upload implements PartsOutput.Upload {

    private final S3Calls calls;
    private final String bucket;
    private final String name;
    private final Condition condition;
    private final Function<Exception, CaravanException> failure;
    private final Map<Integer, Arrived> parts = new ConcurrentSkipListMap<>();
    private String uploadId;

    /** A part, and the digest of its bytes. */
    private record Arrived(CompletedPart part, byte[] md5) {}

    /** @param condition null for none */
    S3Upload(
            S3Calls calls,
            String bucket,
            String name,
            Condition condition,
            Function<Exception, CaravanException> failure) {
        this.calls = calls;
        this.bucket = bucket;
        this.name = name;
        this.condition = condition;
        this.failure = failure;
    }

    @Override
    public String whole(byte[] bytes, int length) {
        return whole(S3Calls.TYPE, bytes, length);
    }

    /** The same of an object of that type; S3 keeps the MD5 as its etag. */
    String whole(String contentType, byte[] bytes, int length) {
        String md5 = base64(PartsOutput.md5(bytes, length));
        return said(() -> condition == null
                ? calls.put(name, contentType, bytes, length, md5)
                : calls.putIf(name, condition, bytes, length, md5));
    }

    @Override
    public void begin() {
        CreateMultipartUploadRequest.Builder create =
                CreateMultipartUploadRequest.builder().bucket(bucket).key(name).contentType(S3Calls.TYPE);
        if (condition != null) create.metadata(condition.metadata());
        // as the endpoint does for an object in one request
        AWS2S3Utils.setEncryption(create, calls.given());
        if (calls.given().getStorageClass() != null)
            create.storageClass(calls.given().getStorageClass());
        uploadId =
                said(() -> calls.client().createMultipartUpload(create.build()).uploadId());
    }

    @Override
    public void part(int number, byte[] bytes, int length) {
        byte[] md5 = PartsOutput.md5(bytes, length);
        String etag = said(() -> calls.client()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key(name)
                                .uploadId(uploadId)
                                .partNumber(number)
                                .contentMD5(base64(md5)),
                        S3Calls.body(bytes, length))
                .eTag());
        CompletedPart part =
                CompletedPart.builder().partNumber(number).eTag(etag).build();
        parts.put(number, new Arrived(part, md5));
    }

    @Override
    public int atOnce() {
        return 2;
    }

    @Override
    public String complete() {
        try {
            return calls.client()
                    .completeMultipartUpload(complete -> complete.bucket(bucket)
                            .key(name)
                            .uploadId(uploadId)
                            .ifNoneMatch(condition != null && condition.absent() ? "*" : null)
                            .ifMatch(condition == null ? null : condition.etag())
                            .multipartUpload(all -> all.parts(
                                    parts.values().stream().map(Arrived::part).toList())))
                    .eTag();
        } catch (NoSuchUploadException e) {
            if (condition != null) throw failure.apply(e); // the object says whose it is
            return completedBefore(e);
        } catch (SdkException e) {
            throw failure.apply(e);
        }
    }

    /** When a reply is lost the client asks again, and hears that there is no such upload: it is the object by now. */
    private String completedBefore(NoSuchUploadException lost) {
        // S3 makes a multipart object's etag of the digests of its parts
        MessageDigest digests = PartsOutput.md5();
        parts.values().forEach(arrived -> digests.update(arrived.md5()));
        String expected = "\"" + HexFormat.of().formatHex(digests.digest()) + "-" + parts.size() + "\"";
        try {
            String now = calls.head(name);
            if (expected.equals(now)) return now;
        } catch (SdkException | EndpointException e) {
            lost.addSuppressed(e);
        }
        throw new UnavailableException(name + ": the upload was lost before it was complete", lost);
    }

    @Override
    public void abort() {
        if (uploadId == null) return;
        try {
            calls.client()
                    .abortMultipartUpload(
                            abort -> abort.bucket(bucket).key(name).uploadId(uploadId));
        } catch (NoSuchUploadException e) {
            // it is gone, which is what we want
        } catch (SdkException e) {
            // invisible to all readers; a bucket's lifecycle rule removes what a lost connection leaves
        }
    }

    private <T> T said(Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException | EndpointException e) {
            throw failure.apply(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
