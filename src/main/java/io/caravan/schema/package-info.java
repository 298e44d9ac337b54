/** What the rows of a dataset must be: schemas, a YAML file each, and the step that holds records to them. */
package io.caravan.schema;
