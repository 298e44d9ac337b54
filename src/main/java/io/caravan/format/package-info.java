/** How the bytes of one object become records; nothing here knows where the bytes are kept. */
package io.caravan.format;
