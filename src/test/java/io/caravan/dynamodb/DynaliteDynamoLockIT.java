package io.caravan.dynamodb;

/** On dynalite. */
class DynaliteDynamoLockIT extends DynamoLockContract {

    DynaliteDynamoLockIT() {
        super("dynalite");
    }
}
