/** Pages that need nothing else: one file each, which loads nothing and runs nothing. */
package io.caravan.page;
