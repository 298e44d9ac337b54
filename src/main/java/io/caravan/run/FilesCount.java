package io.caravan.run;

/** How the files that a block names count in a generation; older versions counted otherwise, and their ledgers are read. */
enum FilesCount {
    /** A description byte by byte, scripts and the files of folders not at all. */
    DESCRIPTIONS_ONLY,
    /** All byte by byte. */
    AS_WRITTEN,
    /** A YAML file by what it says, in whatever layout and with whatever comments; all others byte by byte. */
    BY_MEANING
}
