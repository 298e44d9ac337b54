package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What others that ask the same host under the same name may still ask; who keeps it is looked up at the first request. */
final class SharedBudget implements Throttle {

    private final String unit;
    private final String name;
    private final double perSecond;
    private final Duration longestPause;
    private final Supplier<CamelContext> context;
    private volatile Throttle line;

    SharedBudget(String unit, String name, double perSecond, Duration longestPause, Supplier<CamelContext> context) {
        this.unit = unit;
        this.name = name;
        this.perSecond = perSecond;
        this.longestPause = longestPause;
        this.context = context;
    }

    @Override
    public void await() throws InterruptedException {
        line().await();
    }

    @Override
    public void quiet(Duration pause) {
        line().quiet(pause);
    }

    private Throttle line() {
        Throttle known = line;
        if (known == null) {
            line = known = Optional.ofNullable(context.get())
                    .map(camel -> camel.getRegistry().findSingleByType(Throttles.class))
                    .orElseThrow(() -> new ConfigurationException(SettingChecks.sentence(
                            unit, "budget", "be blank where no bean of " + Throttles.class.getName() + " is", name)))
                    .of(name, perSecond, longestPause);
        }
        return known;
    }
}
