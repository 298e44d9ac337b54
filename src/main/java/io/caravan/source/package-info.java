/** What a pipeline reads from: a source lists objects, a reader turns one object into records, to its true end. */
package io.caravan.source;
