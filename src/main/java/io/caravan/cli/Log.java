package io.caravan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the log says on standard error: as {@code CARAVAN_LOG} or {@code --verbose} ask, else only what went wrong. */
final class Log {

    /** In the environment, or by us a system property, which the log's own configuration reads too. */
    private static final String ASKED = "CARAVAN_LOG";

    private Log() {}

    /** From now on; {@code times}: once for what is done, twice for everything, with where an error happened. */
    static void verbose(int times) {
        if (times == 0) return;
        Level level = times > 1 ? Level.DEBUG : Level.INFO;
        System.setProperty(ASKED, level.toString());
        LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
        log.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        pools(log);
    }

    /** A pool of connections warns of each that was cut, which whoever used it says in a sentence: only for who wants everything. */
    static void pools(LoggerContext log) {
        boolean everything = log.getLogger(Logger.ROOT_LOGGER_NAME).isDebugEnabled();
        log.getLogger("com.zaxxer.hikari").setLevel(everything ? null : Level.OFF);
    }

    /** Whether somebody wants to read it. */
    static boolean asked() {
        return System.getenv(ASKED) != null || System.getProperty(ASKED) != null;
    }

    /** Whether {@code --verbose} wants errors with their stack traces. */
    static boolean debug() {
        return Level.DEBUG.toString().equals(System.getProperty(ASKED));
    }
}
