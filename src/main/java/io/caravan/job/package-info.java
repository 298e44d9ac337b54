/** Units of work in a table, claimed by workers: many of them, on many machines, any of which may die. */
package io.caravan.job;
