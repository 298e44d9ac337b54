/** Turns texts into vectors with a sentence-transformers model, each distinct text once ever. */
package io.caravan.embedding;
