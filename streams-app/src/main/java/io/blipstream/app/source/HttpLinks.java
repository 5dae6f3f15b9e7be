package io.blipstream.app.source;

import io.blipstream.app.source.CheckedResolver.ForbiddenHostException;
import io.blipstream.app.source.FetchException.Reason;
import io.blipstream.model.http.WholeHeads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Reads {@code http:} and {@code https:} links. Redirects are followed here, one request each, so
 * that every hop passes the same checks, at the gate of its own host. Proxies of the system are not
 * used: behind a proxy the address that is reached could not be checked.
 */
final class HttpLinks implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
  private static final Set<Integer> GONE = Set.of(404, 410);
  private static final int CONNECTIONS = 128;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final CloseableHttpClient client;
  private final FetchLimits limits;
  private final HostGates gates;
  private final ScheduledExecutorService deadlines;

  HttpLinks(
      FetchLimits limits,
      HostGates gates,
      CheckedResolver resolver,
      DirectConnections.Sockets sockets) {
    this.limits = limits;
    this.gates = gates;
    Timeout time = Timeout.of(limits.time());
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(
                new DirectConnections(sockets)
                    .setConnectionFactory(WholeHeads.connections())
                    .setDnsResolver(resolver)
                    .setMaxConnPerRoute(limits.perHost())
                    .setMaxConnTotal(Math.max(CONNECTIONS, limits.perHost()))
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(shorter(limits.connect(), limits.time())))
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
        if (retries == limits.retries() || !pause(failure.wait(retries), deadline)) {
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
    private final transient Duration asked;

    PassingFailure(FetchException outcome) {
      this(outcome, Duration.ZERO);
    }

    /**
     * @param asked how long the host wants to be left alone
     */
    PassingFailure(FetchException outcome, Duration asked) {
      super(outcome);
      this.outcome = outcome;
      this.asked = asked;
    }

    /** At random, so that those who failed together do not come back together. */
    Duration wait(int retries) {
      long longest = FIRST_PAUSE_MILLIS << (2 * retries);
      long own = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
      return Duration.ofMillis(Math.max(own, asked.toMillis()));
    }
  }

  private Answer get(URI uri, long deadline) throws FetchException, PassingFailure {
    String shown = Links.shown(uri);
    try (HostGate.Pass pass = gates.of(uri).enter(deadline)) {
      HttpGet request = new HttpGet(uri);
      request.setHeader(HttpHeaders.ACCEPT, "image/*,*/*;q=0.1");
      // Timeouts of a socket count from the last byte, so that a drip would never meet one.
      ScheduledFuture<?> alarm =
          deadlines.schedule(request::cancel, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      try {
        return answer(client.executeOpen(null, request, null), uri, shown, pass);
      } catch (ForbiddenHostException e) {
        throw new FetchException(Reason.FETCH_FORBIDDEN, shown + ": " + e.getMessage(), e);
      } catch (UnknownHostException e) {
        pass.failed(e);
        throw new FetchException(Reason.FETCH_FAILED, shown + ": the host is not known", e);
      } catch (IOException | IllegalStateException | IllegalArgumentException e) {
        boolean late = System.nanoTime() - deadline >= 0 || request.isCancelled();
        throw failed(e, late, shown, pass);
      } finally {
        alarm.cancel(false);
        // Without effect on a body that was read whole, whose connection is back in the pool. Any
        // other connection is cut here: closing it in an orderly way would first read the rest,
        // which may never end.
        request.cancel();
      }
    }
  }

  private Answer answer(ClassicHttpResponse response, URI uri, String shown, HostGate.Pass pass)
      throws IOException, FetchException, PassingFailure {
    int status = response.getCode();
    if (status == 200) {
      byte[] bytes = body(response, shown, pass);
      pass.answered();
      return new Body(bytes);
    }
    if (PASSING.contains(status)) {
      FetchException outcome = refused(shown, status);
      pass.failed(outcome);
      throw new PassingFailure(
          outcome, RetryAfter.of(response, Instant.now()).orElse(Duration.ZERO));
    }
    pass.answered();
    if (REDIRECTS.contains(status) && response.containsHeader(HttpHeaders.LOCATION)) {
      String location = response.getFirstHeader(HttpHeaders.LOCATION).getValue();
      return new Redirect(Links.http(uri.resolve(Links.parse(location))));
    }
    throw refused(shown, status);
  }

  private static FetchException refused(String shown, int status) {
    return new FetchException(
        GONE.contains(status) ? Reason.NOT_FOUND : Reason.FETCH_FAILED,
        "%s answered with status %d".formatted(shown, status));
  }

  /** Gives the outcome back if trying again cannot help, and throws it as passing if it can. */
  private FetchException failed(Exception e, boolean late, String shown, HostGate.Pass pass)
      throws PassingFailure {
    if (late) {
      String words = "%s was not read within %d ms".formatted(shown, limits.time().toMillis());
      FetchException outcome = new FetchException(Reason.FETCH_TIMEOUT, words, e);
      // Not if others, or its own earlier answers, had taken most of the time.
      if (pass.nanos() >= limits.time().toNanos() / 2) {
        pass.failed(outcome);
      }
      return outcome;
    }
    boolean slow = e instanceof SocketTimeoutException;
    FetchException outcome =
        new FetchException(
            slow ? Reason.FETCH_TIMEOUT : Reason.FETCH_FAILED, shown + ": " + e.getMessage(), e);
    if (Thread.currentThread().isInterrupted() || !(e instanceof IOException)) {
      return outcome;
    }
    pass.failed(outcome);
    if (mayPass(e)) {
      throw new PassingFailure(outcome);
    }
    return outcome;
  }

  /**
   * Refused, cut, or closed without an answer: a host that starts anew, or a connection that was
   * too old. A wrong certificate will be wrong again, and silence has taken its time already.
   */
  private static boolean mayPass(Exception e) {
    return e instanceof SocketException
        || e instanceof NoHttpResponseException
        || e instanceof ConnectionClosedException
        || e instanceof MalformedChunkCodingException;
  }

  /** Reads up to the limit; what stands in the header is believed only when it is too much. */
  private byte[] body(ClassicHttpResponse response, String shown, HostGate.Pass pass)
      throws IOException, FetchException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    String encoding = entity.getContentEncoding();
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      pass.answered();
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
    pass.answered();
    throw new FetchException(
        Reason.TOO_MANY_BYTES, "%s has more than %d bytes".formatted(shown, limits.bytes()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static boolean pause(Duration wait, long deadline) {
    if (wait.compareTo(Duration.ofNanos(deadline - System.nanoTime())) >= 0) {
      return false;
    }
    try {
      Thread.sleep(wait.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
