/** Answers questions about users over HTTP, read-only, from the stores that a pipeline fills. */
package io.caravan.query;
