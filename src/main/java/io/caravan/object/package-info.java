/** Stores of named bytes (folders, S3, Google Cloud Storage, Azure Blob), and what is read from them. */
package io.caravan.object;
