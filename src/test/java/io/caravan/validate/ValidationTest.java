package io.caravan.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of files that are wrong, and that nothing is said of those that are right. */
class ValidationTest {

    private static final Map<String, String> SETTINGS =
            Map.of("caravan.orders.input", "/data", "caravan.kind", "mongodb-sink");

    @TempDir
    private Path folder;

    @Test
    void aPipelineThatIsRightHasNoProblem() {
        Validation validation = validate(pipeline("", ""));
        assertThat(validation.problems()).isEmpty();
        assertThat(validation.pipelines()).containsExactly("orders");
    }

    @Test
    void twoRoutesThatServeCouldNotLoadTogetherAreSaid() {
        String route = """
            - route:
                id: %s
                from:
                  uri: kamelet:objects-source/%s
                  parameters: {pipeline: %1$s, input: /data/%1$s, format: csv, keyFields: id}
                  steps:
                    - to: {uri: 'kamelet:objects-sink', parameters: {output: '/out/%1$s'}}
            """;
        assertThat(validate(route.formatted("a", "in") + route.formatted("b", "in"))
                        .warnings())
                .singleElement()
                .asString()
                .contains("from: uri must differ from that of every other route, as serve loads all, got"
                        + " 'kamelet:objects-source/in' also in orders.camel.yaml:4; choose another name behind the /");
        assertThat(validate(route.formatted("a", "in") + route.formatted("b", "in-too"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void yamlThatIsNoneIsSaidWithItsLineAndColumn() {
        assertThat(said("- route:\n    id: x\n   from: y\n"))
                .singleElement()
                .asString()
                .startsWith("orders.camel.yaml:3:4: file must be YAML, got: ");
        assertThat(said("- route:\n    id: x\n\tfrom: y\n"))
                .singleElement()
                .asString()
                .startsWith("orders.camel.yaml:3:1: file must be YAML, got: ");
        assertThat(said("")).containsExactly("orders.camel.yaml:1: file must hold something, got nothing");
        assertThat(said("- route:\n    id: x\n    id: y\n    from:\n      uri: direct:x\n      steps: []\n"))
                .containsExactly("orders.camel.yaml:3:5: 'id' must be there once in a map, got it again");
    }

    @Test
    void aliasesThatMakeASmallFileHugeAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d]\n"
                    .formatted(i, i - 1));
        }
        assertThat(said(bomb.toString())).singleElement().asString().contains("file must be YAML");
        assertThat(said("- &a\n  b: *a\n")).singleElement().asString().contains("file must be YAML");
    }

    @Test
    void aWordThatCamelDoesNotKnowIsSaidWithTheNearestItKnows() {
        assertThat(said("""
            - route:
                id: x
                descripton: X
                from:
                  uri: direct:x
                  steps:
                    - to:
                        url: log:x
                    - pocess:
                        ref: x
                    - log: a
                      filter: b
            - rote:
                id: y
            """))
                .containsExactly(
                        "orders.camel.yaml:3: route: key must be one that Camel knows there, got 'descripton'; did you"
                                + " mean 'description'?",
                        "orders.camel.yaml:8: to: 'uri' must be there, got only url",
                        "orders.camel.yaml:8: to: key must be one of description, disabled, id, note, parameters,"
                                + " pattern, uri, variableReceive, variableSend, got 'url'; did you mean 'uri'?",
                        "orders.camel.yaml:9: from: key must be one that Camel knows there, got 'pocess'; did you mean"
                                + " 'process'?",
                        "orders.camel.yaml:12: filter: value must be a map, got 'b'",
                        "orders.camel.yaml:12: from: list item must be one block, got 'log, filter'; begin 'filter'"
                                + " with '- ', or indent it deeper than 'log'",
                        "orders.camel.yaml:13: routes: key must be one that Camel knows there, got 'rote'; did you"
                                + " mean 'route'?");
    }

    @Test
    void aParameterThatAKameletDoesNotHaveIsSaidWithTheNearestItHas() {
        assertThat(said(pipeline("fromat: csv", "")))
                .singleElement()
                .asString()
                .startsWith("orders.camel.yaml:10: objects-source: parameter must be one of accessKey, account,")
                .endsWith("got 'fromat'; did you mean 'format'?");
    }

    @Test
    void aParameterThatIsMissingOrOfAnotherTypeIsSaid() {
        assertThat(said(pipeline("format: cvs", "").replace("        keyFields: id\n", "        headerRow: one\n")))
                .containsExactly(
                        "orders.camel.yaml:4: objects-source: keyFields must be given, got ''; write it below"
                                + " 'parameters'",
                        "orders.camel.yaml:8: objects-source: headerRow must be a whole number, got 'one'",
                        "orders.camel.yaml:10: objects-source: format must be one of csv, jsonl, json, xlsx, xls,"
                                + " parquet, auto, got 'cvs'");
    }

    @Test
    void whatIsWrongWithASourceOfMessagesIsSaid() {
        String route = """
            - route:
                id: orders
                from:
                  uri: kamelet:endpoint-source
                  parameters:
                    pipeline: orders
                    uri: "%s"
                    keyFields: id
                    %s
                  steps:
                    - to:
                        uri: kamelet:mongodb-sink
                        parameters: {database: shop, collection: orders}
            """;
        assertThat(said(route.formatted("RAW{kafka:orders?brokers=b:1&groupId=x}", "deletedField: op=d")))
                .isEmpty();
        assertThat(said(route.formatted("sftp://me@host/in?password=s3cr3t&move=.done", "idleMilis: 5")))
                .containsExactly(
                        "orders.camel.yaml:7: endpoint-source: uri must stand within RAW{ } when an & is in it, as"
                                + " Camel takes the rest for parameters of the Kamelet, got 'sftp://me...'; write it as"
                                + " RAW{kafka:orders?brokers=...&groupId=...}",
                        said(route.formatted("file:in", "idleMilis: 5")).get(0));
        assertThat(said(route.formatted("file:in", "idleMilis: 5")))
                .singleElement()
                .asString()
                .endsWith("got 'idleMilis'; did you mean 'idleMillis'?");
        assertThat(said(route.formatted("file:in", "messages: many")))
                .containsExactly("orders.camel.yaml:9: endpoint-source: messages must be a whole number, got 'many'");
        assertThat(said(route.formatted("file:in", "format: avro")))
                .singleElement()
                .asString()
                .contains("format must be one of record, s3-events, csv, jsonl, json, xlsx, xls, parquet, got 'avro'");
    }

    @Test
    void aSinkThatKeepsRecordsByAnotherKeyIsSaid() throws Exception {
        Path table = folder.resolve("t.yaml");
        Files.writeString(table, "{table: t, columns: [{name: id, from: number, type: text, key: true}]}");
        assertThat(said(pipeline("", "matchBy: number")))
                .containsExactly(
                        "orders.camel.yaml:17: mongodb-sink: matchBy must be the pipeline's key fields id in this"
                                + " order, got 'number'; correct 'matchBy', or 'keyFields' of the source");
        String warehouse = pipeline("", "")
                .replace("mongodb-sink", "warehouse-sink")
                .replace("database: shop", "table: " + table)
                .replace("collection: orders", "");
        assertThat(said(warehouse))
                .containsExactly("orders.camel.yaml:15: warehouse-sink: key columns of table must be the pipeline's key"
                        + " fields id in this order, got 'number'; correct 'key: true' in " + table
                        + ", or 'keyFields' of the source");
        assertThat(said(pipeline("format: csv\n        columns: id,name,v", "")
                        .replace("mongodb-sink", "lucene-sink")
                        .replace("database: shop", "keyField: name\n              vectorField: v")
                        .replace(
                                "              collection: orders",
                                "              collection: c\n              dimensions: 3")))
                .singleElement()
                .asString()
                .contains("lucene-sink: keyField must be the pipeline's key field id, or no field, got 'name'");
    }

    @Test
    void twoPipelinesInOnePlaceAreSaid() {
        String first = pipeline("", "").replace("copy-orders", "first").replace("pipeline: orders", "pipeline: first");
        String second = first.replace("first", "second");
        assertThat(said(first + second))
                .containsExactly("orders.camel.yaml:30: second: sink 'documents' must write where no other pipeline"
                        + " does, got 'first' in orders.camel.yaml:13; give one of them another place, or make one"
                        + " pipeline of both");
        assertThat(said(first + second.replace("collection: orders", "collection: others")))
                .isEmpty();
        assertThat(said(first + second.replace("collection: orders", "collection: '{{only.at.start}}'")))
                .noneMatch(s -> s.contains("where no other pipeline does"));
    }

    @Test
    void parametersMayAlsoStandInTheUriAndInSettings() {
        String uri = """
            - route:
                id: x
                from:
                  uri: "kamelet:objects-source/mine?pipeline=orders&input=RAW(a&b)"
                  steps:
                    - kamelet:
                        name: lucene-sink
                        parameters:
                          collection: orders
                          keyField: id
                          vectorField: v
            """;
        assertThat(said(uri))
                .containsExactly(
                        "orders.camel.yaml:4: objects-source: keyFields must be given, got ''; write it below"
                                + " 'parameters'",
                        "orders.camel.yaml:7: lucene-sink: dimensions must be given, got ''; write it below"
                                + " 'parameters'");
        assertThat(validate(
                                uri,
                                Map.of(
                                        "camel.kamelet.objects-source.mine.keyFields",
                                        "id",
                                        "camel.kamelet.lucene-sink.dimensions",
                                        "3"))
                        .problems())
                .isEmpty();
    }

    @Test
    void aKameletOrComponentThatThereIsNotIsSaid() {
        assertThat(said(pipeline("", "").replace("mongodb-sink", "mongdb-sink")))
                .singleElement()
                .asString()
                .contains("kamelet: name must be one of ")
                .endsWith("got 'mongdb-sink'; did you mean 'mongodb-sink'?");
        assertThat(said("""
            - route:
                id: x
                from:
                  uri: tmer:tick
                  steps:
                    - to: lgo:x
            """))
                .containsExactly(
                        "orders.camel.yaml:4: from: uri must begin with a component of Camel that is on the class"
                                + " path, got 'tmer:tick'; did you mean 'timer'?",
                        "orders.camel.yaml:6: to: uri must begin with a component of Camel that is on the class path,"
                                + " got 'lgo:x'; did you mean 'log'?");
    }

    @Test
    void aSettingThatThereIsNotIsSaidWithWhereToPutIt() {
        assertThat(said(pipeline(
                        "prefix: \"{{caravan.orders.inptu}}{{caravan.orders.prefix:all}}{{?caravan.other}}\"", "")))
                .containsExactly(
                        "orders.camel.yaml:10: setting: caravan.orders.inptu must be set, or have a default, got"
                                + " '{{caravan.orders.inptu}}'; did you mean 'caravan.orders.input'? Else put"
                                + " 'caravan.orders.inptu = ...' into application.properties, or give it in the"
                                + " environment, as CARAVAN_ORDERS_INPTU");
        assertThat(said(pipeline("secretKey: \"{{shop.secretKey}}\"", "")))
                .containsExactly("orders.camel.yaml:10: setting: shop.secretKey must be set, or have a default, got"
                        + " '{{shop.secretKey}}'; give it in the environment, as SHOP_SECRETKEY, or in"
                        + " application.properties");
    }

    @Test
    void theKameletMayBeChosenByASetting() {
        assertThat(said(pipeline("", "exclud: x").replace("mongodb-sink", "{{caravan.kind}}")))
                .singleElement()
                .asString()
                .contains("mongodb-sink: parameter must be one of")
                .endsWith("got 'exclud'; did you mean 'exclude'?");
    }

    @Test
    void sinksOfOneNameAreSaid() {
        String another = """
            - to:
                uri: kamelet:mongodb-sink
                parameters:
                  database: shop
                  collection: others
            """.indent(8);
        assertThat(said(pipeline("", "") + another))
                .containsExactly("orders.camel.yaml:19: orders: the sinks of a pipeline must have different names, got"
                        + " 'documents' also in orders.camel.yaml:13; set 'sink' in the parameters of each, or"
                        + " give its step an id");
        assertThat(said(pipeline("", "") + another.replace("- to:", "- to:\n            id: others")))
                .isEmpty();
    }

    @Test
    void aSinkThatNoPipelineLeadsToIsSaidAndACallThatLeadsNowhere() {
        String rest = """
            - route:
                id: rest
                from:
                  uri: direct:rest
                  steps:
                    - to:
                        uri: kamelet:mongodb-sink
                        parameters:
                          sink: others
                          database: shop
                          collection: others
            """;
        assertThat(said(pipeline("", "") + "        - to: direct:rset\n" + rest))
                .containsExactly(
                        "orders.camel.yaml:18: to: uri must lead to a route or pipeline that there is, got"
                                + " 'direct:rset'; did you mean 'direct:rest'?",
                        "orders.camel.yaml:25: sink 'others' must be reached from a route that begins with a source"
                                + " Kamelet, got it in route 'rest', which begins with direct:rest and which no pipeline"
                                + " calls");
        assertThat(said(pipeline("", "") + "        - to: direct:rest\n" + rest))
                .isEmpty();
    }

    @Test
    void aRouteThatPreparesRecordsHoldsStepsOnlyAndTheFieldsThatTheyMake() throws IOException {
        String routes = """
            - route:
                id: prepare
                from:
                  uri: direct:prepare
                  steps:
                    - to: {uri: "kamelet:embed-text-action", parameters: {field: total, into: v}}
                    - to: {uri: "kamelet:mongodb-sink", parameters: {sink: early, database: d, collection: c}}
            - route:
                id: x
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: orders, input: /data, keyFields: id, columns: "id,total", prepare: "direct:prepar"}
                  steps:
                    - to: {uri: "kamelet:embed-text-action", parameters: {field: v, into: w}}
                    - to: {uri: "kamelet:mongodb-sink", parameters: {sink: late, database: d, collection: e}}
            """;
        assertThat(said(routes))
                .anyMatch(said ->
                        said.contains("objects-source: prepare must name a route of steps that begins with direct, got"
                                + " 'direct:prepar'; did you mean 'direct:prepare'?"));
        assertThat(said(routes.replace("direct:prepar\"", "direct:prepare\"")))
                .containsExactly(
                        "orders.camel.yaml:7: sink 'early' must stand in the route of orders, got it among the steps"
                                + " that 'prepare' names, before records are compared with the ledger");
    }

    @Test
    void fieldsThatNoColumnAndNoStepMakesAreSaidWhereTheyAreKnown() throws IOException {
        Path table = Files.writeString(folder.resolve("table.yaml"), """
            table: orders
            columns:
              - {name: id, type: text, key: true}
              - {name: totl, type: text}
              - {name: v, type: jsonb}
            """);
        String steps = """
            - route:
                id: x
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: orders
                    input: /data
                    keyFields: idd
                    columns: id,total
                  steps:
                    - to:
                        uri: kamelet:convert-types-action
                        parameters:
                          types: "totall=decimal"
                    - to:
                        uri: kamelet:filter-records-action
                        parameters:
                          where: "${body[total]} > 1 && ${body['stat']} == 'paid'"
                    - to:
                        uri: kamelet:embed-text-action
                        parameters:
                          field: total
                          into: v
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          table: %s
            """.formatted(table);
        assertThat(said(steps))
                .containsExactly(
                        "orders.camel.yaml:8: objects-source: keyFields must name fields that the records of orders"
                                + " have here: id, total, got 'idd'; did you mean 'id'?",
                        "orders.camel.yaml:14: convert-types-action: types must name fields that the records of orders"
                                + " have here: id, total, got 'totall'; did you mean 'total'?",
                        "orders.camel.yaml:18: filter-records-action: where must name fields that the records of orders"
                                + " have here: id, total, got 'stat'",
                        "orders.camel.yaml:27: warehouse-sink: table must name fields that the records of orders have"
                                + " here: id, total, v, got 'totl'; did you mean 'total'?");
        String unknown = steps.replace("idd", "id");
        assertThat(said(unknown.replace("        columns: id,total\n", ""))).isEmpty();
        assertThat(said(unknown.replace("columns: id,total", "format: jsonl\n        columns: id,total")))
                .isEmpty();
        assertThat(said(unknown.replace("      steps:\n", "      steps:\n        - process:\n            ref: mine\n")))
                .isEmpty();
    }

    @Test
    void descriptionsAreReadByTheirReadersWithTheLineOfWhatIsWrong() throws IOException {
        Path table = Files.writeString(folder.resolve("table.yaml"), """
            table: orders
            columns:
              - {name: id, type: text, key: true}
              - {name: total, type: money}
            """);
        Path mapping = Files.writeString(folder.resolve("graph.yaml"), """
            record: order
            nodes:
              order:
                label: Order
                key: id
              buyer:
                label: Buy er
                key: buyer
            relationships:
              - { from: buyer, typ: BOUGHT, to: order }
            """);
        String route = """
            - route:
                id: x
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: orders
                    input: /data
                    keyFields: id
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          table: %s
                    - to:
                        uri: kamelet:neo4j-sink
                        parameters:
                          mapping: %s
                    - to:
                        uri: kamelet:convert-types-action
                        parameters:
                          types: "total=money"
                    - to:
                        uri: kamelet:bigquery-sink
                        parameters:
                          project: p
                          dataset: d
                          table: none.yaml
            """.formatted(table, mapping);
        assertThat(said(route))
                .containsExactlyInAnyOrder(
                        table
                                + ":4: warehouse-sink: column 'total' type must be one of text|string,"
                                + " bigint|integer|int64, numeric|decimal, bignumeric, double|float64, boolean|bool,"
                                + " timestamptz|timestamp, datetime, date, jsonb|json, bytea|bytes, or array<...> of"
                                + " one but json, got 'money'",
                        mapping
                                + ":7: graph mapping: nodes.buyer.label must match [A-Za-z_][A-Za-z0-9_]*, got 'Buy"
                                + " er'",
                        mapping
                                + ":10: graph mapping: relationships[0].typ must be one of [from, properties, to,"
                                + " type], got 'typ'",
                        mapping + ":10: graph mapping: relationships[0].type must be a text that is not blank, got ''",
                        mapping + ":10: graph mapping: relationships[0].type must match [A-Za-z_][A-Za-z0-9_]*, got ''",
                        "orders.camel.yaml:21: convert-types-action: type of total must be string, integer, decimal,"
                                + " double, boolean, json, date, timestamp; date(pattern) or timestamp(pattern); or integer, decimal or"
                                + " double(sample), as in decimal(1.234,56), got 'money'",
                        "orders.camel.yaml:27: bigquery-sink: table must be a readable file or classpath:<resource>,"
                                + " got 'none.yaml'");
    }

    @Test
    void allUnknownKeysOfATableAreSaidWithTheirLines() throws IOException {
        Path table = Files.writeString(folder.resolve("table.yaml"), """
            tabel: orders
            columns:
              - {name: id, type: text, key: true}
              - {name: total, typ: numeric}
            """);
        String sink =
                "        - to:\n            uri: kamelet:warehouse-sink\n            parameters:\n              table: "
                        + table + "\n";
        assertThat(said(pipeline("", "") + sink))
                .containsExactly(
                        table + ":1: warehouse-sink: table must have only [columns, table], got 'tabel'",
                        table
                                + ":4: warehouse-sink: table must have only [from, key, name, nullable, optional,"
                                + " type], got 'typ'");
    }

    @Test
    void aKameletOfTheProjectIsCheckedAndMayBeCalled() {
        String good = """
            kind: Kamelet
            metadata:
              name: mine-sink
              labels:
                camel.apache.org/kamelet.type: sink
            spec:
              definition:
                required: [size]
                properties:
                  size: {type: integer}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - log: "{{size}}"
            """;
        String route = pipeline("", "")
                .replace("mongodb-sink", "mine-sink")
                .replace("database: shop", "size: 1")
                .replace("          collection: orders\n", "");
        assertThat(kamelet(good, route)).isEmpty();
        assertThat(kamelet(good, route.replace("size: 1", "size: big")))
                .containsExactly("orders.camel.yaml:15: mine-sink: size must be a whole number, got 'big'");
        assertThat(kamelet(
                        good.replace("name: mine-sink", "name: other-sink")
                                .replace("type: integer", "type: int")
                                .replace("[size]", "[sise]")
                                .replace("log: \"{{size}}\"", "lgo: \"{{sze}}\""),
                        route))
                .containsExactlyInAnyOrder(
                        "mine-sink.kamelet.yaml:3: kamelet: name must be that of the file, mine-sink, got 'other-sink'",
                        "mine-sink.kamelet.yaml:8: kamelet: required must name properties, got 'sise'",
                        "mine-sink.kamelet.yaml:10: kamelet: size type must be one of string, integer, number,"
                                + " boolean, array, object, got 'int'",
                        "mine-sink.kamelet.yaml:15: from: key must be one that Camel knows there, got 'lgo'; did you"
                                + " mean 'log'?",
                        "mine-sink.kamelet.yaml:15: kamelet: placeholder must be a property or a bean of the template:"
                                + " size, got 'sze'");
    }

    @Test
    void aFileThatNobodyLoadsIsSaid() {
        SourceFile other = new SourceFile("routes/orders.yaml", pipeline("", ""), true);
        assertThat(Validation.of(List.of(), List.of(), List.of(other), List.of(), Optional.of(SETTINGS), n -> n)
                        .problems())
                .extracting(Problem::toString)
                .containsExactly("routes/orders.yaml:1: file: name must end with .camel.yaml, or nobody loads it, got"
                        + " 'orders.yaml'");
    }

    @Test
    void whatShipsHasNoProblem() throws IOException {
        List<SourceFile> routes = files(Path.of("routes"), ".camel.yaml");
        java.util.Properties shipped = new java.util.Properties();
        try (var in = Files.newBufferedReader(Path.of("application.properties"))) {
            shipped.load(in);
        }
        Map<String, String> settings = new java.util.TreeMap<>();
        shipped.stringPropertyNames().forEach(name -> settings.put(name, shipped.getProperty(name)));
        for (String warehouse : List.of("postgresql", "bigquery")) {
            settings.put("caravan.warehouse.kind", warehouse);
            settings.put("caravan.vectors.kind", warehouse.equals("bigquery") ? "milvus" : "lucene");
            Validation validation =
                    Validation.of(routes, kamelets(true), List.of(), List.of(), Optional.of(settings), n -> n);
            // BigQuery's types have other names than those of PostgreSQL, and it takes both
            assertThat(validation.problems()).extracting(Problem::toString).isEmpty();
            assertThat(validation.pipelines())
                    .containsExactly(
                            "agencies",
                            "api-pages",
                            "api-records",
                            "bookclub-extract",
                            "bookclub-graph",
                            "bookclub-images",
                            "bookclub-publish",
                            "books-publish",
                            "books-work",
                            "bronze-events",
                            "personalization",
                            "queued-jobs",
                            "silver");
            assertThat(validation.descriptions()).hasSize(7);
        }
    }

    @Test
    void aStepThatReplacesAColumnOfTheSourceIsWarnedOf() {
        String embed = """
            - to:
                uri: kamelet:embed-text-action
                parameters:
                  field: total
                  into: %s
            """.indent(8);
        String before = pipeline("columns: id,total", "").replaceAll("(?s)(\\n      steps:\\n).*", "$1");
        Validation replaces = validate(before + embed.formatted("total"));
        assertThat(replaces.problems()).isEmpty();
        assertThat(replaces.warnings())
                .singleElement()
                .asString()
                .matches("orders.camel.yaml:[0-9]+: embed-text-action: into must name a field that the records of"
                        + " orders do not have yet, got 'total'; its value is replaced. If it is needed, name"
                        + " another field in 'into'");
        assertThat(validate(before + embed.formatted("v") + embed.formatted("v"))
                        .warnings())
                .isEmpty();
        String unknown = before.replace("columns: id,total", "");
        assertThat(validate(unknown + embed.formatted("total")).warnings()).isEmpty();
    }

    private List<String> kamelet(String kamelet, String route) {
        List<SourceFile> all = new ArrayList<>(kamelets(false));
        all.add(0, new SourceFile("mine-sink.kamelet.yaml", kamelet, true));
        SourceFile routes = new SourceFile("orders.camel.yaml", route, true);
        return Validation.of(List.of(routes), all, List.of(), List.of(), Optional.of(SETTINGS), n -> n)
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    private List<String> said(String text) {
        return validate(text).problems().stream().map(Problem::toString).toList();
    }

    private Validation validate(String text) {
        return validate(text, SETTINGS);
    }

    private Validation validate(String text, Map<String, String> settings) {
        SourceFile file = new SourceFile("orders.camel.yaml", text, true);
        return Validation.of(List.of(file), kamelets(false), List.of(), List.of(), Optional.of(settings), n -> n);
    }

    private static List<SourceFile> kamelets(boolean checked) {
        try {
            return files(Path.of("src/main/resources/kamelets"), ".kamelet.yaml").stream()
                    .map(f -> new SourceFile(f.name(), f.text(), checked))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<SourceFile> files(Path folder, String suffix) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(f -> f.toString().endsWith(suffix)).toList()) {
                files.add(new SourceFile(file.toString(), Files.readString(file), true));
            }
        }
        return files;
    }

    private static String pipeline(String ofSource, String ofSink) {
        return """
            - route:
                id: copy-orders
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: orders
                    input: "{{caravan.orders.input}}"
                    keyFields: id
                    # more
                    %s
                  steps:
                    - to:
                        uri: kamelet:mongodb-sink
                        parameters:
                          database: shop
                          collection: orders
                          %s
            """.formatted(ofSource, ofSink);
    }
}
