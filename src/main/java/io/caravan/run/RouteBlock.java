package io.caravan.run;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.support.PluginHelper;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A block of a route as Camel writes it in XML, which holds all that a block says: a filter's predicate, a bean's method, a data
 * format. Placeholders stand in it as they were written.
 *
 * @param text what is in it, with that of its children
 */
record RouteBlock(String name, Map<String, String> attributes, List<RouteBlock> children, String text) {

    /** The route itself; read once, when Camel has made it ready. */
    static RouteBlock of(CamelContext context, RouteDefinition route) {
        return route.isPrepared() ? ReadOnce.of(context).get(route, () -> read(context, route)) : read(context, route);
    }

    /** Blank when it has none of that name. */
    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    private static RouteBlock read(CamelContext context, RouteDefinition route) {
        try {
            // with the ids that Camel gives later otherwise: a run knows by them which branch it is in, and which
            // filter
            NodeIdFactory ids = context.getCamelContextExtension().getContextPlugin(NodeIdFactory.class);
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)
                    .forEach(step -> step.idOrCreate(ids));
            String xml = PluginHelper.getModelToXMLDumper(context).dumpModelAsXml(context, route, false, true, false);
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return of(factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement());
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException(
                    route.getRouteId() + ": the route must be readable, got " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(route.getRouteId() + ": Camel could not write the route", e);
        }
    }

    private static RouteBlock of(Element element) {
        Map<String, String> attributes = new TreeMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Node attribute = element.getAttributes().item(i);
            if (!attribute.getNodeName().startsWith("xmlns")) {
                attributes.put(attribute.getNodeName(), attribute.getNodeValue());
            }
        }
        List<RouteBlock> children = new ArrayList<>();
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) children.add(of(child));
        }
        String text = children.isEmpty() ? element.getTextContent() : "";
        return new RouteBlock(element.getTagName(), attributes, List.copyOf(children), text);
    }
}
