/** Stores of named bytes (folders now; S3, GCS and Azure have the same shape), and what is read from them. */
package io.caravan.object;
