/** The books pipeline: titles to jobs, jobs to two APIs, what they say to a star schema. What a book is, {@code book} knows. */
package io.caravan.library;
