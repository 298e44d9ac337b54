/** When pipelines run by themselves, and what JMX shows and may do of them. */
package io.caravan.manage;
