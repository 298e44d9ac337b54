package io.caravan.manage;

import java.io.IOException;
import java.lang.reflect.Array;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.apache.camel.CamelContext;

/** All that JMX shows of a Camel context and of the process, as text; other contexts may have stores that are long gone. */
public final class BeanTexts {

    private BeanTexts() {}

    /** By the names of bean and attribute, its value. */
    public static Map<String, String> of(MBeanServerConnection beans, CamelContext context)
            throws IOException, JMException {
        Map<String, String> all = new TreeMap<>();
        for (ObjectName bean : beans.queryNames(null, null)) {
            String its = bean.getKeyProperty("context");
            if (its != null && !its.equals(context.getManagementName())) continue;
            for (MBeanAttributeInfo attribute : beans.getMBeanInfo(bean).getAttributes()) {
                all.put(bean + " " + attribute.getName(), text(value(beans, bean, attribute)));
            }
        }
        return all;
    }

    private static Object value(MBeanServerConnection beans, ObjectName bean, MBeanAttributeInfo attribute)
            throws IOException {
        try {
            return beans.getAttribute(bean, attribute.getName());
        } catch (JMException | RuntimeException e) {
            return e.toString(); // not supported here, or not to be sent; what it says is looked at too
        }
    }

    private static String text(Object value) {
        if (value == null) return "";
        if (value instanceof CompositeData data) return text(data.values());
        if (value instanceof TabularData data) return text(data.values());
        if (value instanceof Map<?, ?> map) return text(map.keySet()) + text(map.values());
        StringBuilder all = new StringBuilder();
        if (value instanceof Iterable<?> many) {
            many.forEach(one -> all.append(text(one)).append(' '));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++)
                all.append(text(Array.get(value, i))).append(' ');
        } else {
            all.append(value);
        }
        return all.toString();
    }
}
