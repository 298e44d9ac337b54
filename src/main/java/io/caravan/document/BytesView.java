package io.caravan.document;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.bson.BsonReader;
import org.bson.BsonWriter;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.DocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.codecs.configuration.CodecRegistries;

/**
 * A client's view whose documents are the bytes that the server sent. An endpoint of camel-mongodb asks its client for
 * {@link Document}s; of a plain one nobody can tell any more that a name was there twice.
 */
final class BytesView implements InvocationHandler {

    private final MongoClient client;

    private BytesView(MongoClient client) {
        this.client = client;
    }

    /** Ends when the client does. */
    static MongoClient of(MongoClient client) {
        return (MongoClient) Proxy.newProxyInstance(
                MongoClient.class.getClassLoader(), new Class<?>[] {MongoClient.class}, new BytesView(client));
    }

    /** What a document was in the server's answer. */
    static RawBsonDocument bytes(Document document) {
        return ((BytesDocument) document).bytes;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("close")) return null;
        try {
            Object result = method.invoke(client, arguments);
            return result instanceof MongoDatabase database ? withBytes(database) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static MongoDatabase withBytes(MongoDatabase database) {
        return database.withCodecRegistry(CodecRegistries.fromRegistries(
                CodecRegistries.fromCodecs(new BytesCodec()), database.getCodecRegistry()));
    }

    /** Looks empty to all but {@link #bytes(Document)}. */
    private static final class BytesDocument extends Document {

        private static final long serialVersionUID = 1L;

        private final transient RawBsonDocument bytes;

        BytesDocument(RawBsonDocument bytes) {
            this.bytes = bytes;
        }
    }

    private static final class BytesCodec implements Codec<Document> {

        private static final RawBsonDocumentCodec BYTES = new RawBsonDocumentCodec();
        private static final DocumentCodec DOCUMENTS = new DocumentCodec();

        @Override
        public Document decode(BsonReader reader, DecoderContext context) {
            return new BytesDocument(BYTES.decode(reader, context));
        }

        @Override
        public void encode(BsonWriter writer, Document document, EncoderContext context) {
            DOCUMENTS.encode(writer, document, context);
        }

        @Override
        public Class<Document> getEncoderClass() {
            return Document.class;
        }
    }
}
