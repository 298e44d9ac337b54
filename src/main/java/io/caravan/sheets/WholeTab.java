package io.caravan.sheets;

import com.google.api.services.sheets.v4.model.SheetProperties;
import java.util.List;

/**
 * A tab that one answer held.
 *
 * @param listed as it was listed before
 * @param rows from the header's
 * @param errors which texts of them are none
 * @param after as it was listed afterwards
 */
record WholeTab(SheetProperties listed, List<List<Object>> rows, ErrorTexts errors, SheetProperties after) {}
