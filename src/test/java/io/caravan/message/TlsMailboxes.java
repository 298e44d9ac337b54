package io.caravan.message;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;

/** Real servers that speak TLS, with a certificate of localhost that nobody has signed, and that no JVM trusts by itself. */
public final class TlsMailboxes {

    public static final String STORE_PASSWORD = "changeit";

    private final Path keys;
    private final Path folder;
    private GreenMail mail;
    private int number;

    public TlsMailboxes(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storepass",
                        STORE_PASSWORD,
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) throw new IOException(said);
    }

    /** The store with the certificate. */
    public Path keys() {
        return keys;
    }

    /** {@code kind}: imaps, pop3s, ftps, or ftps whose connections begin with TLS (implicit). */
    public Mailbox fresh(String kind) throws Exception {
        return switch (kind) {
            case "imaps" ->
                Mailboxes.mails(
                        mail(),
                        "imaps" + ++number,
                        Flags.Flag.SEEN,
                        "imaps://localhost:" + mail().getImaps().getPort() + "?",
                        "smtps://localhost:" + mail().getSmtps().getPort() + "?");
            case "pop3s" ->
                Mailboxes.mails(
                        mail(),
                        "pop3s" + ++number,
                        Flags.Flag.DELETED,
                        "pop3s://localhost:" + mail().getPop3s().getPort() + "?delete=true&",
                        "smtps://localhost:" + mail().getSmtps().getPort() + "?");
            case "ftps" -> files(false);
            case "ftps, implicit" -> files(true);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private GreenMail mail() {
        if (mail != null) return mail;
        System.setProperty("greenmail.tls.keystore.file", keys.toString());
        System.setProperty("greenmail.tls.keystore.password", STORE_PASSWORD);
        mail = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAPS),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3S),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
        });
        mail.start();
        return mail;
    }

    private Mailbox files(boolean implicit) throws Exception {
        Path files = Files.createDirectories(folder.resolve("files" + ++number));
        SslConfigurationFactory tls = new SslConfigurationFactory();
        tls.setKeystoreFile(keys.toFile());
        tls.setKeystorePassword(STORE_PASSWORD);
        ListenerFactory listener = new ListenerFactory();
        listener.setSslConfiguration(tls.createSslConfiguration());
        listener.setImplicitSsl(implicit);
        int port = Mailboxes.startFtp(listener, files);
        return Mailboxes.folder(
                files,
                "ftps://caravan@localhost:" + port + "/?password=RAW(" + Mailboxes.PASSWORD
                        + ")&passiveMode=true&move=.done&sortBy=file:name&implicit=" + implicit);
    }
}
