/** Keeps records as rows of a BigQuery table: one load job and one MERGE a run. */
package io.caravan.bigquery;
