/** Locks in DynamoDB. */
package io.caravan.dynamodb;
