/** The connections that a process has to a PostgreSQL database: one pool for all who use the same database as the same user. */
package io.caravan.pool;
