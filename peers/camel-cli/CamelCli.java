import org.apache.camel.dsl.jbang.core.commands.CamelJBangMain;

/** What the Camel CLI's own script starts by JBang, for plain Java. */
final class CamelCli {

    public static void main(String[] arguments) {
        CamelJBangMain.run(arguments);
    }
}
