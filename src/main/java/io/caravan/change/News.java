package io.caravan.change;

import io.caravan.record.Record;
import java.util.List;

/**
 * What of a batch is news: the records some sink waits for, those whose key this run saw before (the first wins, these
 * are dead letters), and how many no sink waits for.
 */
public record News(List<Record> waiting, List<Record> duplicates, int unchanged) {}
