package io.caravan.dynamodb;

/** On moto. */
class MotoDynamoLockIT extends DynamoLockContract {

    MotoDynamoLockIT() {
        super("moto");
    }
}
