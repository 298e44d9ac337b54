/** Values that nobody may read: the keys, what they seal, and the steps that seal and open fields. */
package io.caravan.encryption;
