import io.caravan.job.Job;
import io.caravan.job.JobCall;
import io.caravan.job.JobEnd;
import org.apache.camel.BindToRegistry;

@BindToRegistry("@name@")
public final class @class@ implements Job {

    /** What --dry-run says; writes nothing. */
    @Override
    public JobEnd plan(JobCall call) {
        return JobEnd.done("would greet " + call.arguments().text("name"));
    }

    @Override
    public JobEnd run(JobCall call) {
        for (long i = 0; i < call.arguments().whole("times"); i++) call.say("Hello, " + call.arguments().text("name"));
        return JobEnd.done("greeted " + call.arguments().text("name"));
    }
}
