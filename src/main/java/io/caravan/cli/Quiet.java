package io.caravan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * While it is open, the log leaves out errors, and all that Camel says: the command tells them itself, in one sentence.
 * Nothing is left out when somebody asks for the log, see {@link Log}.
 */
final class Quiet implements AutoCloseable {

    private static final String CAMEL = "org.apache.camel";

    private final LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final TurboFilter filter = new TurboFilter() {
        @Override
        public FilterReply decide(Marker m, Logger logger, Level level, String text, Object[] values, Throwable t) {
            boolean told = level.isGreaterOrEqual(Level.ERROR)
                    || level.isGreaterOrEqual(Level.WARN) && logger.getName().startsWith(CAMEL);
            return told ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    };

    Quiet() {
        if (!Log.asked()) log.addTurboFilter(filter);
    }

    @Override
    public void close() {
        log.getTurboFilterList().remove(filter);
    }
}
