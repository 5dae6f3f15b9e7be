package io.blipstream.model.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads heads of answers, and takes one that a cut connection left unfinished for a failure. The
 * library's own parser takes it for whole: half a {@code Location} then leads somewhere else, and
 * without its {@code Content-Length} a body is whole wherever it ends.
 */
public final class WholeHeads implements HttpMessageParserFactory<ClassicHttpResponse> {

  /** Makes connections that read heads so. */
  public static HttpConnectionFactory<ManagedHttpClientConnection> connections() {
    return ManagedHttpClientConnectionFactory.builder()
        .responseParserFactory(new WholeHeads())
        .build();
  }

  @Override
  @SuppressWarnings("deprecation") // the only one that the interface requires
  public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
    return new DefaultHttpResponseParser(config) {
      @Override
      public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
          throws IOException, HttpException {
        // Only heads are read through this: at its end the body is read from the stream itself.
        return super.parse(buffer, new EndlessStream(in));
      }
    };
  }

  /** A stream that must not end. */
  private static final class EndlessStream extends FilterInputStream {

    EndlessStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return requireMore(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return requireMore(super.read(buffer, offset, length));
    }

    private static int requireMore(int read) throws ConnectionClosedException {
      if (read < 0) {
        throw new ConnectionClosedException("the connection ended within the head of an answer");
      }
      return read;
    }
  }
}
