package io.caravan.image;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Which addresses are one machine of the public internet: of IPv4 all but the blocks of IANA's special-purpose registry and those of
 * clouds' own services, of IPv6 only what is given out (2000::/3), without what leads on to an IPv4 address.
 */
final class PublicAddresses {

    private static final List<Block> SPECIAL = List.of(
            Block.of("0.0.0.0", 8), // this host
            Block.of("10.0.0.0", 8), // private
            Block.of("100.64.0.0", 10), // a carrier's own, and Alibaba's metadata
            Block.of("127.0.0.0", 8), // loopback
            Block.of("168.63.129.16", 32), // Azure's host
            Block.of("169.254.0.0", 16), // link-local, and most clouds' metadata
            Block.of("172.16.0.0", 12), // private
            Block.of("192.0.0.0", 24), // protocols, and Oracle's metadata
            Block.of("192.0.2.0", 24), // documentation
            Block.of("192.31.196.0", 24), // AS112
            Block.of("192.52.193.0", 24), // AMT
            Block.of("192.88.99.0", 24), // 6to4 relays
            Block.of("192.168.0.0", 16), // private
            Block.of("192.175.48.0", 24), // AS112
            Block.of("198.18.0.0", 15), // benchmarks
            Block.of("198.51.100.0", 24), // documentation
            Block.of("203.0.113.0", 24), // documentation
            Block.of("224.0.0.0", 4), // multicast
            Block.of("240.0.0.0", 4), // reserved, and broadcast
            Block.of("2001::", 23), // protocols: Teredo, ORCHID, benchmarks
            Block.of("2001:db8::", 32), // documentation
            Block.of("2002::", 16), // 6to4
            Block.of("2620:4f:8000::", 48), // AS112
            Block.of("3fff::", 20)); // documentation

    private static final Block GIVEN_OUT = Block.of("2000::", 3);

    private PublicAddresses() {}

    static boolean holds(InetAddress address) {
        // one of IPv4 in IPv6's form, ::ffff:127.0.0.1, is an Inet4Address
        boolean known = address instanceof Inet4Address || GIVEN_OUT.holds(address);
        return known && SPECIAL.stream().noneMatch(block -> block.holds(address));
    }

    private record Block(byte[] first, int bits) {

        static Block of(String literal, int bits) {
            try {
                return new Block(InetAddress.getByName(literal).getAddress(), bits);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean holds(InetAddress address) {
            byte[] bytes = address.getAddress();
            if (bytes.length != first.length) return false;
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((bytes[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask) != 0) return false;
            }
            return true;
        }
    }
}
