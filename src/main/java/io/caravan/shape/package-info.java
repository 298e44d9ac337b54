/** Documents of one database made into those of another: typed, with what they name looked up, and with what is derived from it. */
package io.caravan.shape;
