package io.caravan.image;

import io.caravan.error.SettingChecks;
import java.time.Duration;

/**
 * What a download may take.
 *
 * @param mostBytes of an image
 * @param mostPixels of an image, as its header says them
 * @param mostTime from the first name that is looked up to the last byte, redirects and pauses included
 * @param connectTime of one connection
 * @param longestPause that a server may ask for ({@code Retry-After}); one that asks for more is left to the next run
 * @param atOnce downloads at a time
 * @param perHost downloads at a time from one host
 */
record DownloadLimits(
        int mostBytes,
        long mostPixels,
        Duration mostTime,
        Duration connectTime,
        Duration longestPause,
        int atOnce,
        int perHost) {

    private static final int MEGA = 1_000_000;

    static DownloadLimits of(
            SettingChecks settings,
            int maxMegabytes,
            int maxMegapixels,
            int downloadTimeoutMillis,
            int connectTimeoutMillis,
            int maxPauseMillis,
            int downloads,
            int downloadsPerHost) {
        settings.between("maxMegabytes", maxMegabytes, 1, 15)
                .between("maxMegapixels", maxMegapixels, 1, 1000)
                .between("downloadTimeoutMillis", downloadTimeoutMillis, 1, 120_000)
                .between("connectTimeoutMillis", connectTimeoutMillis, 1, 60_000)
                .between("maxPauseMillis", maxPauseMillis, 0, 120_000)
                .between("downloads", downloads, 1, 64)
                .between("downloadsPerHost", downloadsPerHost, 1, 64);
        return new DownloadLimits(
                maxMegabytes << 20,
                (long) maxMegapixels * MEGA,
                Duration.ofMillis(downloadTimeoutMillis),
                Duration.ofMillis(connectTimeoutMillis),
                Duration.ofMillis(maxPauseMillis),
                downloads,
                downloadsPerHost);
    }
}
