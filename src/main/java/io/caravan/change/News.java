package io.caravan.change;

import io.caravan.record.Record;
import java.util.List;

/**
 * What of a batch is news: the records some sink waits for, those whose key this run saw before (the first wins, these
 * are dead letters), how many no sink waits for, and how many were seen before just as they are, where the list may show a record twice
 * as it moves.
 */
public record News(List<Record> waiting, List<Record> duplicates, int unchanged, int repeats) {}
