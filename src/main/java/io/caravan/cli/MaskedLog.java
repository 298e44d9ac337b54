package io.caravan.cli;

import ch.qos.logback.classic.BasicConfigurator;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Puts the mask of this process in front of every appender, be it ours or one of a configuration that a user names by {@code
 * -Dlogback.configurationFile}. Logback finds it by itself.
 */
public final class MaskedLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        Configurator file = new DefaultJoranConfigurator();
        file.setContext(log);
        if (file.configure(log) != ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
            Configurator console = new BasicConfigurator();
            console.setContext(log);
            console.configure(log);
        }
        Log.pools(log);
        log.getLoggerList().forEach(logger -> mask(log, logger));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static void mask(LoggerContext log, Logger logger) {
        List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
        Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders();
        all.forEachRemaining(appenders::add);
        for (Appender<ILoggingEvent> appender : appenders) {
            logger.detachAppender(appender);
            MaskedAppender masked = new MaskedAppender(appender);
            masked.setContext(log);
            masked.start();
            logger.addAppender(masked);
        }
    }
}
