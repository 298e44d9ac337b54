/** Tables as their YAML describes them, for sinks that write tables. */
package io.caravan.table;
