/** Google Sheets as source. */
package io.caravan.sheets;
