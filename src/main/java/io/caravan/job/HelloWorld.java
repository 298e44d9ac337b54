package io.caravan.job;

/** Greets: the smallest job there is, to see that an installation runs. */
public final class HelloWorld implements Job {

    @Override
    public JobEnd plan(JobCall call) {
        return JobEnd.done("would say '" + call.arguments().text("message") + "' " + times(call));
    }

    @Override
    public JobEnd run(JobCall call) {
        long times = call.arguments().whole("repeat");
        for (long i = 0; i < times && !call.stopped().getAsBoolean(); i++)
            call.say(call.arguments().text("message"));
        return JobEnd.done("said it " + times(call));
    }

    private static String times(JobCall call) {
        long times = call.arguments().whole("repeat");
        return times == 1 ? "once" : times + " times";
    }
}
