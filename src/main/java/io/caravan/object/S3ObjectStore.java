package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * The objects of an S3 bucket, at Amazon or at a server that speaks like it. An etag is S3's own.
 *
 * <ul>
 *   <li>not objects: names that end with {@code /} and have no bytes, which consoles make as folders
 *   <li>order: as S3 lists, by the UTF-8 bytes of the names
 * </ul>
 */
final class S3ObjectStore implements ObjectStore {

    private final String bucket;
    private final ObjectAccess access;
    private final StoreFailure failure;
    private final Duration patience;
    private final OnDemand<S3Client> client;

    S3ObjectStore(String unit, String setting, String bucket, ObjectAccess access) {
        this.bucket = bucket;
        this.access = access;
        this.failure = StoreFailure.of(
                unit,
                setting,
                "s3://" + bucket,
                "S3",
                "Amazon",
                access,
                access.accessKey().isEmpty() ? "AWS's default credentials" : "an access key",
                "accessKey",
                "secretKey");
        this.patience = Duration.ofMillis(access.timeoutMillis());
        this.client = new OnDemand<>(() -> S3Clients.of(access), S3Client::close);
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(prefix)
                .encodingType(EncodingType.URL)
                .build();
        return new Listing<>(
                () -> client.get().listObjectsV2Paginator(request).contents().iterator(),
                object -> new SourceObject(object.key(), object.eTag(), object.size()),
                name,
                e -> failed("list", e));
    }

    @Override
    public InputStream open(SourceObject object) {
        return ResumingStream.open(object, offset -> body(object, offset), patience, e -> failedToRead(object, e));
    }

    private InputStream body(SourceObject object, long offset) {
        ResponseInputStream<GetObjectResponse> body = client.get().getObject(get -> get.bucket(bucket)
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
        return PartsOutput.put(name, content, new S3Upload(client.get(), bucket, name, e -> failed("write to", e)));
    }

    @Override
    public void delete(String name) {
        ObjectNames.mustBePlain(name);
        try {
            client.get().deleteObject(delete -> delete.bucket(bucket).key(name));
        } catch (SdkException e) {
            throw failed("delete from", e);
        }
    }

    @Override
    public void check() {
        try (S3Client once = S3Clients.withoutRetries(access)) {
            once.listObjectsV2(list -> list.bucket(bucket).maxKeys(1));
        } catch (SdkException e) {
            throw failed("list", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private CaravanException failed(String action, Exception e) {
        return e instanceof CaravanException said ? said : failure.of(action, answer(e), e);
    }

    private CaravanException failedToRead(SourceObject object, Exception e) {
        if (e instanceof CaravanException said) return said;
        if (e instanceof RetryableException) {
            return new IncompleteSourceException(
                    ObjectNames.shown(object.name()) + ": the object arrived other than it was stored", e);
        }
        return failure.reading(object, answer(e), e);
    }

    private static StoreFailure.Answer answer(Exception e) {
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
