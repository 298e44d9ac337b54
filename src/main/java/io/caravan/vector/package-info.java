/** Keeps vectors with a few scalar fields beside them, and finds the most similar ones by cosine. */
package io.caravan.vector;
