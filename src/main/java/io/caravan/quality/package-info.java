/** How good the rows of a dataset are: their profile in bounded memory, what they fail of their schema, and two scores of that. */
package io.caravan.quality;
