/** How connectors call Camel's endpoints, and the one client a store that the endpoints and the connectors share. */
package io.caravan.endpoint;
