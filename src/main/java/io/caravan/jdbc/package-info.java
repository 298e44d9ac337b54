/** A query over any JDBC driver as a source: in full, or what changed since a position of its cursor column. */
package io.caravan.jdbc;
