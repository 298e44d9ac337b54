/** Images that records point to: downloaded from addresses that nobody vouches for, kept in a store of objects, linked from records. */
package io.caravan.image;
