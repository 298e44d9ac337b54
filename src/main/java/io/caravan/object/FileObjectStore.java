package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Sha256;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The files below a folder as objects, named by their path from it; or one file, named by its file name, whatever the
 * prefix and the pattern say. An etag is made of size, time of modification and identity of the file, and when its status changed where
 * that is another time.
 *
 * <ul>
 *   <li>not objects: names that begin with a dot, links to folders, devices and pipes
 *   <li>a link to a file is an object; reading it fails when it leads out of the folder
 * </ul>
 */
public final class FileObjectStore implements ObjectStore {

    private static final int BUFFER = 64 << 10;
    /** What common file systems allow. */
    private static final int LONGEST_PART = 255;

    private final String unit;
    private final String setting;
    private final Path root;

    public FileObjectStore(Path root) {
        this("objects", "input", root);
    }

    /** {@code unit} and {@code setting}: who names the folder, for messages. */
    FileObjectStore(String unit, String setting, Path root) {
        this.unit = unit;
        this.setting = setting;
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    @Override
    public String place() {
        return root.toString();
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        if (Files.isRegularFile(root)) {
            return List.of(listed(root, root.getFileName().toString())).iterator();
        }
        if (!Files.isDirectory(root)) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, setting, "be a folder or file that can be read", root)
                            + "; create it or correct '" + setting + "'");
        }
        return new FileListing(root, prefix, name);
    }

    @Override
    public void check() {
        Iterator<SourceObject> objects = list("", new Glob("*"));
        if (objects.hasNext()) objects.next();
    }

    @Override
    public boolean there() {
        return !Files.notExists(root, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void make() {
        if (Files.isDirectory(root)) return;
        checkMake();
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw inTheWay(ServerErrors.words(e)); // which names what is in the way
        }
    }

    @Override
    public void checkMake() {
        Path above = root;
        while (above.getParent() != null && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) above = above.getParent();
        if (!Files.isDirectory(above)) throw inTheWay(above + " is no folder");
        if (!above.equals(root) && !Files.isWritable(above)) throw inTheWay("no right to write in " + above);
    }

    private ConfigurationException inTheWay(String why) {
        return new ConfigurationException(
                SettingChecks.sentence(unit, setting, "be a folder that is there or can be made", root) + " (" + why
                        + "); create it, grant write access or correct '" + setting + "'");
    }

    @Override
    public InputStream open(SourceObject object) {
        try {
            Path file = inside(object);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) throw refused(object, "be a file");
            if (!etag(file, attributes).equals(object.etag())) {
                throw new IncompleteSourceException(
                        object.name() + ": the object changed since it was listed; it is read by the next run");
            }
            return new WholeStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), object, () -> etagNow(file));
        } catch (NoSuchFileException e) {
            throw new IncompleteSourceException(object.name() + ": the object is gone since it was listed", e);
        } catch (AccessDeniedException e) {
            throw new IncompleteSourceException(object.name() + ": the object must be readable", e);
        } catch (IOException e) {
            throw new UnavailableException(object.name() + ": the object cannot be opened", e);
        }
    }

    @Override
    public String put(String name, Content content) {
        return written(name, content, (part, file) -> {
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    return Optional.of(etagNow(file));
                })
                .orElseThrow();
    }

    @Override
    public Optional<String> create(String name, Content content) {
        return written(name, content, (part, file) -> {
            String etag = contentTag(part);
            return placed(part, file) ? Optional.of(etag) : Optional.empty();
        });
    }

    /** Puts a part in its place if there is nothing; the part may stay beside it. */
    static boolean placed(Path part, Path file) throws IOException {
        try {
            // of all who try, in any process, the file system lets one
            Files.createLink(file, part);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // a file system without links
            try (FolderLock lock = FolderLock.of(file.getParent())) {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return false;
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
        }
    }

    @Override
    public Optional<String> replace(String name, String etag, Content content) {
        return written(name, content, (part, file) -> {
            String replaced = contentTag(part);
            try (FolderLock lock = FolderLock.of(file.getParent())) {
                if (!Files.exists(file) || !contentTag(file).equals(etag)) return Optional.empty();
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(replaced);
            }
        });
    }

    @Override
    public Optional<StoredObject> read(String name, int mostBytes) {
        try {
            Path file = target(name);
            if (Files.exists(file) && !file.toRealPath().startsWith(root.toRealPath())) throw leads(name);
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(mostBytes + 1);
                Bucket.mustFit(name, bytes.length, mostBytes);
                return Optional.of(new StoredObject(bytes, contentTag(new ByteArrayInputStream(bytes))));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UnavailableException(name + ": the object cannot be read: " + Words.other(e), e);
        }
    }

    /** Puts a file that is whole and durable in its place; tells the etag. */
    @FunctionalInterface
    private interface Placing {
        Optional<String> place(Path part, Path file) throws IOException;
    }

    private Optional<String> written(String name, Content content, Placing placing) {
        try {
            Path file = target(name);
            Durable.folders(root, file.getParent());
            Path part = part(name, file, content);
            try {
                Durable.file(part);
                Optional<String> etag = placing.place(part, file);
                Durable.folder(file.getParent());
                return etag;
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw notWritten(name, e);
        }
    }

    /** The bytes of an object beside where it will be, whole; its folder is there. */
    Path part(String name, Path file, Content content) throws IOException {
        if (!file.getParent().toRealPath().startsWith(root.toRealPath())) throw leads(name);
        mustBeItsOwn(name, file);
        // begins with a dot: not an object, so nobody reads it before it is whole
        Path part = Files.createTempFile(file.getParent(), ".part", "");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
            content.writeTo(out);
            return part;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    RuntimeException notWritten(String name, IOException e) {
        if (e instanceof FileAlreadyExistsException) return leads(name);
        return new UnavailableException(name + ": the object cannot be written: " + Words.other(e), e);
    }

    @Override
    public Together together() {
        return new FilesTogether(this, root);
    }

    /** Of the content: that of attributes may come back with other content within one tick of the file system's clock. */
    private static String contentTag(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return contentTag(in);
        }
    }

    private static String contentTag(InputStream bytes) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) digest.update(buffer, 0, n);
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void delete(String name) {
        try {
            Path file = target(name);
            if (!Files.exists(file.getParent())) return;
            if (!file.getParent().toRealPath().startsWith(root.toRealPath())) throw leads(name);
            mustBeItsOwn(name, file);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UnavailableException(name + ": the object cannot be deleted: " + Words.other(e), e);
        }
    }

    /** Where an object is written: below the root, by its name alone, so that it is listed by that name. */
    Path target(String name) {
        ObjectNames.mustBePlain(name);
        for (String part : name.split("/")) {
            boolean hidden = part.startsWith(".");
            if (hidden || part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) throw leads(name);
        }
        try {
            Path file = root.resolve(name);
            if (file.startsWith(root) && !Files.isDirectory(file)) return file;
        } catch (InvalidPathException e) {
            // said below
        }
        throw leads(name);
    }

    /** Where a file system takes two names for one, as A for a, or by a link, the second name is refused: it is another object. */
    private void mustBeItsOwn(String name, Path file) throws IOException {
        Path real = file.getParent().toRealPath();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            real = real.resolve(file.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName());
        } else {
            real = real.resolve(file.getFileName());
        }
        Path wanted = root.toRealPath().resolve(root.relativize(file));
        if (real.toString().equals(wanted.toString())) return;
        throw new IllegalArgumentException(SettingChecks.sentence(
                        "objects",
                        "an object's name",
                        "be no other name of "
                                + ObjectNames.shown(
                                        root.toRealPath().relativize(real).toString()),
                        ObjectNames.shown(name))
                + "; the file system takes both for one: choose another store or partitionBy");
    }

    private IllegalArgumentException leads(String name) {
        return new IllegalArgumentException(SettingChecks.sentence(
                "objects",
                "an object's name",
                "be the path of a file inside the folder " + root + ", no folder on it, no part with a dot in front or"
                        + " longer than " + LONGEST_PART + " bytes",
                ObjectNames.shown(name)));
    }

    /** What there is to say of a file before it is opened; what cannot be seen is listed too, so that opening says why. */
    static SourceObject listed(Path file, String name) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new SourceObject(name, etag(file, attributes), attributes.size(), changed(file, attributes));
        } catch (IOException e) {
            return new SourceObject(name, "", -1);
        }
    }

    /** A time ahead of now was set by somebody, and would be the newest until it comes: the file has been here since its status changed. */
    private static Instant changed(Path file, BasicFileAttributes attributes) throws IOException {
        Instant said = attributes.lastModifiedTime().toInstant();
        Instant now = Instant.now();
        if (!said.isAfter(now)) return said;
        Instant here = status(file).orElse(attributes.creationTime()).toInstant();
        return here.isAfter(now) ? now : here;
    }

    /** The file itself, all links resolved, which must be below the root. */
    private Path inside(SourceObject object) throws IOException {
        Path realRoot = root.toRealPath();
        if (Files.isRegularFile(realRoot)) {
            if (object.name().equals(root.getFileName().toString())) return realRoot;
            throw refused(object, "be " + root.getFileName());
        }
        try {
            Path file = root.resolve(object.name());
            if (!file.normalize().equals(file)) throw refused(object, "be a path without . and ..");
            Path real = file.toRealPath();
            if (!real.startsWith(realRoot)) throw refused(object, "stay inside the folder " + root);
            return real;
        } catch (InvalidPathException e) {
            throw refused(object, "be a path");
        }
    }

    /** Who writes a file anew and sets its old time back changes its status, which nobody can set; a usual writing leaves both times the same. */
    private static String etag(Path file, BasicFileAttributes attributes) throws IOException {
        long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        long status = status(file).map(time -> time.to(TimeUnit.NANOSECONDS)).orElse(modified);
        return attributes.size() + "-" + modified + "-" + attributes.fileKey()
                + (status == modified ? "" : "-" + status);
    }

    private static Optional<FileTime> status(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Optional.of((FileTime) Files.getAttribute(file, "unix:ctime"))
                : Optional.empty();
    }

    private static String etagNow(Path file) {
        try {
            return etag(file, Files.readAttributes(file, BasicFileAttributes.class));
        } catch (IOException e) {
            return "gone";
        }
    }

    private static IncompleteSourceException refused(SourceObject object, String rule) {
        return new IncompleteSourceException(
                SettingChecks.sentence("objects", "an object's name", rule, object.name()));
    }
}
