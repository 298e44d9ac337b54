/** Datasets: a YAML file that says where a time series comes from, how it is read and where its versions are published. */
package io.caravan.dataset;
