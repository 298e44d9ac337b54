/** What can be said of routes, Kamelets and descriptions from their files alone, with nothing started and no store asked. */
package io.caravan.validate;
