/** Adds to records what a reference says of them: objects, the rows of a query or the documents of a collection, read once a run. */
package io.caravan.lookup;
