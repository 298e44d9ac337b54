/** Many tenants' objects in buckets: what jobs do to them, object by object. */
package io.caravan.lake;
