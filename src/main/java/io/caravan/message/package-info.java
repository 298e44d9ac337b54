/** Records as messages to any endpoint of Camel. */
package io.caravan.message;
