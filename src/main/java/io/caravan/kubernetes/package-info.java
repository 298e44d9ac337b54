/** Manifests of Kubernetes, KEDA and Camel K, made of the pipelines, jobs and schedules that there are. */
package io.caravan.kubernetes;
