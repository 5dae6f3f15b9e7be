package io.blipstream.app.source;

import io.blipstream.app.source.CheckedResolver.ForbiddenHostException;
import io.blipstream.app.source.FetchException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Reads {@code http:} and {@code https:} links. Redirects are followed here, one request each, so
 * that every hop passes the same checks. Proxies of the system are not used: behind a proxy the
 * address that is reached could not be checked.
 */
final class HttpLinks implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
  private static final Set<Integer> GONE = Set.of(404, 410);
  private static final int CONNECTIONS_PER_HOST = 16;
  private static final int CONNECTIONS = 128;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final CloseableHttpClient client;
  private final FetchLimits limits;
  private final ScheduledExecutorService deadlines;

  HttpLinks(FetchLimits limits, CheckedResolver resolver) {
    this.limits = limits;
    Timeout time = Timeout.of(limits.time());
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(resolver)
                    .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                    .setMaxConnTotal(CONNECTIONS)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(time)
                            .setSocketTimeout(time)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(time)
                    .setResponseTimeout(time)
                    .build())
            .setUserAgent("blipstream")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            // Images are compressed already; unpacking would let a few bytes become gigabytes.
            .disableContentCompression()
            .build();
    this.deadlines =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "link-deadlines");
              thread.setDaemon(true);
              return thread;
            });
  }

  byte[] fetch(URI first) throws FetchException {
    long deadline = System.nanoTime() + limits.time().toNanos();
    for (int retries = 0; ; retries++) {
      try {
        return follow(first, deadline);
      } catch (PassingFailure failure) {
        if (retries == limits.retries() || !pause(FIRST_PAUSE_MILLIS << (2 * retries), deadline)) {
          throw failure.outcome;
        }
      }
    }
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    client.close(CloseMode.IMMEDIATE);
  }

  private byte[] follow(URI first, long deadline) throws FetchException, PassingFailure {
    URI uri = first;
    for (int hops = 0; hops <= limits.redirects(); hops++) {
      Answer answer = get(uri, deadline);
      if (answer instanceof Body body) {
        return body.bytes();
      }
      URI next = ((Redirect) answer).target();
      if (uri.getScheme().equalsIgnoreCase("https")
          && !next.getScheme().equalsIgnoreCase("https")) {
        // Anyone on the way could put another image in place of the one that was meant.
        throw new FetchException(
            Reason.FETCH_FORBIDDEN,
            "%s redirects from https to %s".formatted(Links.shown(first), next.getScheme()));
      }
      uri = next;
    }
    throw new FetchException(
        Reason.FETCH_FAILED,
        "%s redirects more than %d times".formatted(Links.shown(first), limits.redirects()));
  }

  private sealed interface Answer permits Body, Redirect {}

  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
  private record Body(byte[] bytes) implements Answer {}

  private record Redirect(URI target) implements Answer {}

  /** A failure that may be gone in a moment, and what it means when it is not. */
  private static final class PassingFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient FetchException outcome;

    PassingFailure(FetchException outcome) {
      super(outcome);
      this.outcome = outcome;
    }
  }

  private Answer get(URI uri, long deadline) throws FetchException, PassingFailure {
    String shown = Links.shown(uri);
    HttpGet request = new HttpGet(uri);
    request.setHeader(HttpHeaders.ACCEPT, "image/*,*/*;q=0.1");
    // Timeouts of a socket count from the last byte, so that a drip would never meet one.
    ScheduledFuture<?> alarm =
        deadlines.schedule(request::cancel, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    try {
      ClassicHttpResponse response = client.executeOpen(null, request, null);
      int status = response.getCode();
      if (status == 200) {
        return new Body(body(response, shown));
      }
      if (REDIRECTS.contains(status) && response.containsHeader(HttpHeaders.LOCATION)) {
        String location = response.getFirstHeader(HttpHeaders.LOCATION).getValue();
        return new Redirect(Links.http(uri.resolve(Links.parse(location))));
      }
      FetchException outcome =
          new FetchException(
              GONE.contains(status) ? Reason.NOT_FOUND : Reason.FETCH_FAILED,
              "%s answered with status %d".formatted(shown, status));
      if (PASSING.contains(status)) {
        throw new PassingFailure(outcome);
      }
      throw outcome;
    } catch (ForbiddenHostException e) {
      throw new FetchException(Reason.FETCH_FORBIDDEN, shown + ": " + e.getMessage(), e);
    } catch (UnknownHostException e) {
      throw new FetchException(Reason.FETCH_FAILED, shown + ": the host is not known", e);
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      if (System.nanoTime() - deadline >= 0 || request.isCancelled()) {
        throw new FetchException(
            Reason.FETCH_TIMEOUT,
            "%s was not read within %d ms".formatted(shown, limits.time().toMillis()),
            e);
      }
      throw new PassingFailure(
          new FetchException(Reason.FETCH_FAILED, "%s: %s".formatted(shown, e.getMessage()), e));
    } finally {
      alarm.cancel(false);
      // Without effect on a body that was read whole, whose connection is back in the pool. Any
      // other connection is cut here: closing it in an orderly way would first read the rest,
      // which may never end.
      request.cancel();
    }
  }

  /** Reads up to the limit; what stands in the header is believed only when it is too much. */
  private byte[] body(ClassicHttpResponse response, String shown)
      throws IOException, FetchException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    String encoding = entity.getContentEncoding();
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new FetchException(
          Reason.FETCH_FAILED,
          "%s sends content encoded as %s, which was not asked for".formatted(shown, encoding));
    }
    boolean tooMany = entity.getContentLength() > limits.bytes();
    if (!tooMany) {
      ByteArrayOutputStream bytes =
          new ByteArrayOutputStream((int) Math.max(8192, entity.getContentLength()));
      byte[] buffer = new byte[8192];
      InputStream in = entity.getContent();
      for (int read = in.read(buffer); read >= 0 && !tooMany; read = in.read(buffer)) {
        bytes.write(buffer, 0, read);
        tooMany = bytes.size() > limits.bytes();
      }
      if (!tooMany) {
        return bytes.toByteArray();
      }
    }
    throw new FetchException(
        Reason.TOO_MANY_BYTES, "%s has more than %d bytes".formatted(shown, limits.bytes()));
  }

  private static boolean pause(long millis, long deadline) {
    if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis) - deadline >= 0) {
      return false;
    }
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
