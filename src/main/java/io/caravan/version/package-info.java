/** Versioned data sets: what a run brought, and the whole history at each version, in folders and buckets. */
package io.caravan.version;
