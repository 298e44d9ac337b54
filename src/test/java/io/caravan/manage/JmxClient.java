package io.caravan.manage;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;

/** This process as a JMX client meets it, over a connector on localhost. */
final class JmxClient implements AutoCloseable {

    private final JMXConnectorServer server;
    private final JMXConnector connector;
    final MBeanServerConnection beans;

    @SuppressWarnings("BanJNDI") // the address is that of the server above; nothing is looked up
    JmxClient() throws IOException {
        server = JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://127.0.0.1"), Map.of(), ManagementFactory.getPlatformMBeanServer());
        server.start();
        connector = JMXConnectorFactory.connect(server.getAddress());
        beans = connector.getMBeanServerConnection();
    }

    Object ask(ObjectName bean, String attribute) {
        try {
            return beans.getAttribute(bean, attribute);
        } catch (JMException | IOException e) {
            throw new IllegalStateException(bean + " " + attribute, e);
        }
    }

    Object tell(ObjectName bean, String operation) throws JMException, IOException {
        return beans.invoke(bean, operation, new Object[0], new String[0]);
    }

    /** Camel's bean of a route. */
    ObjectName route(String id) throws JMException, IOException {
        Set<ObjectName> found =
                beans.queryNames(new ObjectName("org.apache.camel:type=routes,name=\"" + id + "\",*"), null);
        if (found.size() != 1) throw new IllegalStateException(id + ": " + found);
        return found.iterator().next();
    }

    @Override
    public void close() throws IOException {
        connector.close();
        server.stop();
    }
}
