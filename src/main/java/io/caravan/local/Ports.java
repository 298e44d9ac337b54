package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TCP ports of the local stores, all on 127.0.0.1. */
final class Ports {

    /** The only address a local store listens on. */
    static final String HOST = "127.0.0.1";

    private static final int TRIED = 100;

    private static final Pattern IN_URI = Pattern.compile("://[^/]*:([0-9]{1,5})");

    private Ports() {}

    /** The port itself if nothing listens there, else the next free one above it. */
    static int freeFrom(int port) {
        for (int p = port; p < port + TRIED; p++) {
            if (isFree(p)) return p;
        }
        throw new UnavailableException(
                "stores: no port from " + port + " to " + (port + TRIED - 1) + " is free on " + HOST, null);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, address())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something accepts connections there. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The port that the store in this folder had when it last started, else {@code first}. */
    static int remembered(Path folder, int first) {
        try {
            Matcher matcher = IN_URI.matcher(Endpoints.read(folder).uri());
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : first;
        } catch (UnavailableException e) {
            return first;
        }
    }

    private static InetAddress address() throws UnknownHostException {
        return InetAddress.getByName(HOST);
    }
}
