package io.caravan.job;

/**
 * A function that a job file runs by its name, {@code run: {java: <name>}}: that of a bean, such as a class of a project's folder
 * with {@code @BindToRegistry("<name>")}, or of a class with a public constructor without arguments. One that is {@code
 * CamelContextAware} is told the context, and may call any of Camel's endpoints.
 */
public interface Job {

    /** Says what {@link #run} would do; writes nothing anywhere. */
    JobEnd plan(JobCall call) throws Exception;

    /**
     * Does it. What was done already is left alone: a job may be run again after any failure.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.ConfigurationException} when trying again is of no use, any other when it may be
     * </ul>
     */
    JobEnd run(JobCall call) throws Exception;
}
