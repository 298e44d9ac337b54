package io.caravan.image;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a name for the connection that is made next, to the addresses that were found public and no others: between looking and
 * connecting no name is asked for again.
 */
final class CheckedNames implements DnsResolver {

    private final DnsResolver names;

    CheckedNames(DnsResolver names) {
        this.names = names;
    }

    /** The name leads to a place that is not public. */
    static final class NotPublicException extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        NotPublicException(String host) {
            super(host + " leads to an address that is not public");
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        if (addresses == null || addresses.length == 0) throw new UnknownHostException(host);
        for (InetAddress address : addresses) {
            // one among public ones is an attack, or will be the one that is taken next time
            if (!PublicAddresses.holds(address)) throw new NotPublicException(host.toLowerCase(Locale.ROOT));
        }
        return addresses.clone();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
