package io.caravan.object;

import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects of an S3 bucket, at Amazon or at a server that speaks like it. An etag is S3's own.
 *
 * <ul>
 *   <li>not objects: names that end with {@code /} and have no bytes, which consoles make as folders
 *   <li>order: as S3 lists, by the UTF-8 bytes of the names
 * </ul>
 */
final class S3ObjectStore extends Bucket<S3Calls> {

    /** What Amazon copies in one request. */
    private static final long MOST_COPIED = 5L << 30;

    private final String bucket;
    private final ObjectAccess access;

    S3ObjectStore(String unit, String setting, String bucket, ObjectAccess access) {
        super(
                StoreFailure.of(
                        unit,
                        setting,
                        "s3://" + bucket,
                        "S3",
                        "Amazon",
                        access,
                        access.accessKey().isEmpty() ? "AWS's default credentials" : "an access key",
                        "accessKey",
                        "secretKey"),
                access,
                context -> new S3Calls(context, bucket, access));
        this.bucket = bucket;
        this.access = access;
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        return new Listing<>(
                () -> calls().list(prefix),
                object -> new SourceObject(
                        object.key(),
                        object.eTag(),
                        object.size(),
                        object.lastModified() == null ? Instant.EPOCH : object.lastModified()),
                name,
                e -> failed("list", e));
    }

    @Override
    public InputStream open(SourceObject object) {
        return ResumingStream.open(object, offset -> body(object, offset), patience(), e -> notRead(object, e));
    }

    private InputStream body(SourceObject object, long offset) {
        ResponseInputStream<GetObjectResponse> body = calls().client().getObject(get -> get.bucket(bucket)
                .key(object.name())
                .ifMatch(object.etag())
                .range(offset == 0 ? null : "bytes=" + offset + "-"));
        return new FilterInputStream(body) {
            @Override
            public void close() {
                // closing it would read what is left of the object
                body.abort();
            }
        };
    }

    @Override
    public String put(String name, Content content) {
        ObjectNames.mustBePlain(name);
        return PartsOutput.put(name, content, new S3Upload(calls(), bucket, name, null, e -> failed("write to", e)));
    }

    @Override
    public String put(String name, String contentType, byte[] bytes) {
        ObjectNames.mustBePlain(name);
        S3Upload upload = new S3Upload(calls(), bucket, name, null, e -> failed("write to", e));
        return upload.whole(contentType, bytes, bytes.length);
    }

    @Override
    public void copy(ObjectStore from, SourceObject object, String name) {
        boolean ours = from instanceof S3ObjectStore other && other.access.equals(access) && calls().asTheBucketSays();
        if (!ours || object.size() > MOST_COPIED) {
            super.copy(from, object, name);
            return;
        }
        ObjectNames.mustBePlain(name);
        S3ObjectStore source = (S3ObjectStore) from;
        try {
            calls().client().copyObject(copy -> copy.sourceBucket(source.bucket)
                    .sourceKey(object.name())
                    .copySourceIfMatch(object.etag())
                    .destinationBucket(bucket)
                    .destinationKey(name));
        } catch (SdkException e) {
            boolean gone = answer(e).status() == 412 || answer(e).why().endsWith("NoSuchKey");
            throw gone ? source.failedToRead(object, e) : failed("copy to", e);
        }
    }

    @Override
    public boolean copyWithin(String object, String name) {
        if (!calls().asTheBucketSays()) return false;
        ObjectNames.mustBePlain(name);
        try {
            calls().client().copyObject(copy -> copy.sourceBucket(bucket)
                    .sourceKey(object)
                    .destinationBucket(bucket)
                    .destinationKey(name));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        } catch (SdkException e) {
            throw failed("copy to", e);
        }
    }

    @Override
    String putIf(String name, Condition condition, Content content) {
        return PartsOutput.put(name, content, new S3Upload(calls(), bucket, name, condition, this::refused));
    }

    @Override
    Optional<Condition.Head> head(String name) {
        try {
            HeadObjectResponse head =
                    calls().client().headObject(get -> get.bucket(bucket).key(name));
            return Optional.of(new Condition.Head(head.eTag(), head.metadata()));
        } catch (S3Exception e) {
            // an answer without a body does not say what is missing
            if (e.statusCode() == 404) return Optional.empty();
            throw e;
        }
    }

    @Override
    Optional<StoredObject> get(String name, int mostBytes) {
        try {
            return Optional.of(
                    calls().client().getObject(get -> get.bucket(bucket).key(name), (head, body) -> {
                        try {
                            return new StoredObject(body.readNBytes(mostBytes + 1), head.eTag());
                        } catch (IOException e) {
                            throw RetryableException.create("the answer ended early", e);
                        } finally {
                            body.abort();
                        }
                    }));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(String name) {
        ObjectNames.mustBePlain(name);
        try {
            calls().delete(name);
        } catch (SdkException | EndpointException e) {
            throw failed("delete from", e);
        }
    }

    @Override
    public void check() {
        try {
            calls().ask();
        } catch (SdkException | EndpointException e) {
            throw failed("list", e);
        }
    }

    private CaravanException notRead(SourceObject object, Exception e) {
        if (e instanceof RetryableException) {
            return new IncompleteSourceException(
                    ObjectNames.shown(object.name()) + ": the object that arrived differs from what is stored", e);
        }
        return failedToRead(object, e);
    }

    @Override
    StoreFailure.Answer answer(Exception e) {
        if (e instanceof EndpointException call) {
            return call.cause(SdkException.class).map(this::answer).orElse(StoreFailure.noAnswer());
        }
        if (e instanceof AwsServiceException service) {
            AwsErrorDetails details = service.awsErrorDetails();
            boolean known = details != null && details.errorCode() != null;
            String code = known ? " " + details.errorCode() : "";
            // an upload that ended in between, not a bucket that is missing
            int status = e instanceof NoSuchUploadException ? 409 : service.statusCode();
            return new StoreFailure.Answer(status, service.statusCode() + code, known);
        }
        boolean nobody = String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
        return nobody ? new StoreFailure.Answer(401, "no credentials") : StoreFailure.noAnswer();
    }
}
