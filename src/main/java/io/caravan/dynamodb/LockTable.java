package io.caravan.dynamodb;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import org.apache.camel.component.aws2.ddb.Ddb2Operations;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;

/**
 * One lock's item in its table, by an endpoint of camel-aws2-ddb. That endpoint joins what it expects by "and" only.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when DynamoDB cannot be reached, is silent or throttles, so that what
 *       became of a write is unknown; {@link ConfigurationException} when it refuses us or has no such table
 * </ul>
 */
final class LockTable {

    private final String table;
    private final String key;
    private final DynamoAccess access;
    private final EndpointCall endpoint;

    LockTable(CamelContext context, String table, String key, DynamoAccess access, Client<DynamoDbClient> client) {
        this.table = table;
        this.key = key;
        this.access = access;
        // it would make a table that is not there
        this.endpoint = EndpointCall.of(
                context,
                DynamoClients.SCHEME,
                Map.of(
                        "tableName",
                        table,
                        "amazonDDBClient",
                        client.reference(),
                        "enabledInitialDescribeTable",
                        false));
    }

    /** The item as it is now, not as it was a moment ago. */
    Optional<LockItem> read() {
        try {
            Map<?, ?> item = call(Map.of(
                    Ddb2Constants.OPERATION,
                    Ddb2Operations.GetItem,
                    Ddb2Constants.KEY,
                    place(),
                    Ddb2Constants.CONSISTENT_READ,
                    true));
            Map<String, AttributeValue> attributes = new HashMap<>();
            item.forEach((name, value) -> attributes.put((String) name, (AttributeValue) value));
            return attributes.isEmpty() ? Optional.empty() : Optional.of(LockItem.of(attributes));
        } catch (ConditionalCheckFailedException e) {
            throw new IllegalStateException(e); // nothing was expected
        }
    }

    /** Makes the item, if there is none; whether it did. */
    boolean create(LockItem item) {
        return tried(Map.of(
                Ddb2Constants.OPERATION, Ddb2Operations.PutItem,
                Ddb2Constants.ITEM, item.attributes(key),
                Ddb2Constants.UPDATE_CONDITION, Map.of(LockItem.KEY, absent())));
    }

    /** Makes another item of the one that was seen, if it is as it was; whether it did. */
    boolean replace(LockItem seen, LockItem item) {
        Map<String, ExpectedAttributeValue> expected = new HashMap<>();
        expected.put(LockItem.EXPIRATION, is(LockItem.number(seen.expiration().orElseThrow())));
        expected.put(LockItem.OWNER, seen.owner().isEmpty() ? absent() : is(LockItem.text(seen.owner())));
        Map<String, AttributeValueUpdate> values = new LinkedHashMap<>();
        item.attributes(key).forEach((name, value) -> {
            if (!name.equals(LockItem.KEY)) values.put(name, set(value));
        });
        return update(expected, values);
    }

    /** Moves the end of the owner's lock; whether it is still its own. */
    boolean prolong(LockItem own, String expiration) {
        return update(owned(own), Map.of(LockItem.EXPIRATION, set(LockItem.number(expiration))));
    }

    /** Ends the owner's lock for all who read the item, and leaves its token there; whether it was still its own. */
    boolean free(LockItem own) {
        AttributeValueUpdate away =
                AttributeValueUpdate.builder().action(AttributeAction.DELETE).build();
        return update(
                owned(own),
                Map.of(LockItem.EXPIRATION, set(LockItem.number("0")), LockItem.OWNER, away, LockItem.PROCESS, away));
    }

    /** Where it is, for sentences. */
    String shown() {
        return "lock '" + ServerErrors.line(key) + "' in the DynamoDB table '" + ServerErrors.line(table) + "'";
    }

    private static Map<String, ExpectedAttributeValue> owned(LockItem own) {
        return Map.of(
                LockItem.OWNER,
                is(LockItem.text(own.owner())),
                LockItem.TOKEN,
                is(LockItem.number(Long.toString(own.token()))));
    }

    private boolean update(Map<String, ExpectedAttributeValue> expected, Map<String, AttributeValueUpdate> values) {
        return tried(Map.of(
                Ddb2Constants.OPERATION,
                Ddb2Operations.UpdateItem,
                Ddb2Constants.KEY,
                place(),
                Ddb2Constants.UPDATE_CONDITION,
                expected,
                Ddb2Constants.UPDATE_VALUES,
                values));
    }

    private boolean tried(Map<String, Object> headers) {
        try {
            call(headers);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private Map<?, ?> call(Map<String, Object> headers) {
        try {
            return endpoint.call(null, headers).getHeader(Ddb2Constants.ATTRIBUTES, Map.of(), Map.class);
        } catch (EndpointException e) {
            Optional<ConditionalCheckFailedException> other = e.cause(ConditionalCheckFailedException.class);
            if (other.isPresent()) throw other.get();
            throw e.cause(AwsServiceException.class)
                    .map(this::failure)
                    .or(() -> e.cause(SdkClientException.class).map(this::failure))
                    .orElseGet(() -> server().away("", e.getCause()));
        }
    }

    private CaravanException failure(SdkClientException e) {
        boolean nobody = String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
        return nobody ? denied(false, "no credentials") : server().away("", e);
    }

    private CaravanException failure(AwsServiceException e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        String said = (e.statusCode() + " " + code).strip();
        if (e.isThrottlingException() || e.statusCode() >= 500 || e.isClockSkewException()) {
            return server().busy("", said, e);
        }
        return switch (code) {
            case "" -> server().other("", "status " + said);
            case "ResourceNotFoundException" -> server().lacks("", "table_name", table, said);
            case "AccessDeniedException" -> denied(true, said);
            case "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "MissingAuthenticationTokenException",
                    "MissingAuthenticationToken",
                    "IncompleteSignatureException",
                    "ExpiredTokenException" -> denied(false, said);
            default ->
                new ConfigurationException(
                        "lock: table_name must name a table whose only key is the text " + LockItem.KEY + ", got '"
                                + ServerErrors.line(table) + "' (" + said + "); correct 'table_name'");
        };
    }

    private ConfigurationException denied(boolean known, String said) {
        String who = access.accessKey().isEmpty() ? "AWS's default credentials" : "an access key";
        return server().denied(known, "", who, said, "aws_access_key_id", "aws_secret_access_key");
    }

    private ServerErrors server() {
        return new ServerErrors(
                "lock",
                access.endpoint().isEmpty() ? "region_name" : "endpoint",
                "Amazon DynamoDB",
                access.endpoint().isEmpty() ? access.region() : access.endpoint());
    }

    private Map<String, AttributeValue> place() {
        return Map.of(LockItem.KEY, LockItem.text(key));
    }

    private static AttributeValueUpdate set(AttributeValue value) {
        return AttributeValueUpdate.builder()
                .action(AttributeAction.PUT)
                .value(value)
                .build();
    }

    private static ExpectedAttributeValue is(AttributeValue value) {
        return ExpectedAttributeValue.builder().value(value).build();
    }

    private static ExpectedAttributeValue absent() {
        return ExpectedAttributeValue.builder().exists(false).build();
    }
}
