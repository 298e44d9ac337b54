/** Messages that tell that a run published something. */
package io.caravan.notify;
