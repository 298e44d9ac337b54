package io.caravan.query;

import java.util.List;

/** The campaigns a user took part in, sorted by name. */
public record UserCampaigns(List<String> campaigns) {

    public UserCampaigns {
        campaigns = campaigns.stream().sorted().toList();
    }
}
