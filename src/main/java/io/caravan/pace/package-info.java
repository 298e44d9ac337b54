/** How often all processes with one ledger together ask an API. */
package io.caravan.pace;
