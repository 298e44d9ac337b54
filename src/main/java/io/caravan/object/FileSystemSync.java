package io.caravan.object;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Linux' syncfs, which Java has no call for, by the program that has: {@code sync -f} of GNU coreutils; BusyBox's brings all file
 * systems to their disks. One call instead of one a file and folder is some ten times faster.
 */
final class FileSystemSync {

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    private FileSystemSync() {}

    /** Brings what was written to the file system of that folder to its disk; false where that could not be had. */
    static boolean sync(Path folder) {
        if (!LINUX) return false; // elsewhere the program may return before it is done
        try {
            Process sync = new ProcessBuilder("sync", "-f", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            sync.getOutputStream().close();
            return sync.waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
