package io.caravan.kubernetes;

import static io.caravan.kubernetes.Pods.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Default deny, the way in to the API, and a named way out to each thing that is needed. */
final class NetworkPolicies {

    /** Where clouds hand out credentials of the machine. */
    private static final List<String> LINK_LOCAL = List.of("169.254.0.0/16");

    private final Target target;

    NetworkPolicies(Target target) {
        this.target = target;
    }

    List<Map<String, Object>> all(Workloads of) {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(of.object("deny-all", "network", Map.of("selector", selector())));
        all.add(of.object("ingress", "network", Map.of("selector", selector("serve"))));
        all.add(way(
                of, "dns", List.of(Map.of("namespaceSelector", Map.of())), List.of(port("UDP", 53), port("TCP", 53))));
        Map<String, Object> anywhere = Yaml.of("cidr", "0.0.0.0/0", "except", LINK_LOCAL);
        all.add(way(of, "https", List.of(Map.of("ipBlock", anywhere)), List.of(port("TCP", 443))));
        List<Object> stores = new ArrayList<>();
        target.networks().forEach(network -> stores.add(Map.of("ipBlock", Map.of("cidr", network))));
        target.ports()
                .forEach((store, ports) -> all.add(way(
                        of,
                        store,
                        stores,
                        ports.stream().map(p -> port("TCP", p)).toList())));
        if (target.platform().equals("gcp") && !target.identity().isEmpty()) {
            List<Object> metadata = List.of(
                    Map.of("ipBlock", Map.of("cidr", "169.254.169.252/32")),
                    Map.of("ipBlock", Map.of("cidr", "169.254.169.254/32")));
            all.add(way(of, "identity", metadata, List.of(port("TCP", 80), port("TCP", 988))));
        }
        return all;
    }

    private static Map<String, Object> way(Workloads of, String name, List<?> to, List<Map<String, Object>> ports) {
        return of.object(
                "egress",
                "network",
                Map.of("name", Names.of("to-" + name), "selector", selector(), "to", to, "ports", ports));
    }

    private static Map<String, Object> port(String protocol, int port) {
        return Yaml.of("protocol", protocol, "port", port);
    }
}
