/** JSON APIs as source and sink. */
package io.caravan.http;
