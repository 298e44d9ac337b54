/** A user's folder: made from templates or from data, and its pipelines tried by test cases. */
package io.caravan.project;
