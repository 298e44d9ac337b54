package io.caravan.book;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Reads what is shown of a piece of HTML. Apart, so that jsoup is loaded only for a text that looks like HTML. */
final class Html {

    private Html() {}

    /** The text without tags, comments, scripts and styles; a line break where a browser makes one. */
    static String text(String html) {
        Element body = Jsoup.parseBodyFragment(html).body();
        boolean tagged = body.childrenSize() > 0;
        StringBuilder text = new StringBuilder(html.length());
        NodeTraversor.traverse(
                new NodeVisitor() {
                    @Override
                    public void head(Node node, int depth) {
                        if (node instanceof TextNode t) {
                            String whole = t.getWholeText();
                            text.append(tagged ? whole.replace('\n', ' ').replace('\r', ' ') : whole);
                        } else {
                            breakLine(node);
                        }
                    }

                    @Override
                    public void tail(Node node, int depth) {
                        breakLine(node);
                    }

                    private void breakLine(Node node) {
                        if (node instanceof Element e
                                && (e.isBlock() || e.normalName().equals("br"))) text.append('\n');
                    }
                },
                body);
        return text.toString();
    }
}
