package io.caravan.query;

/**
 * A campaign that users alike took part in.
 *
 * @param users how many of them
 */
public record RecommendedCampaign(String campaign, double score, long users, GraphPath path) {}
