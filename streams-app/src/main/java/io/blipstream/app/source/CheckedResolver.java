package io.blipstream.app.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * The one place where host names become addresses, for first links and redirects alike.
 *
 * <p>The HTTP client connects to exactly the addresses returned here, and asks here for literal
 * addresses too. So the address that was checked is the one that is reached, whatever the name says
 * a moment later (DNS rebinding) and however the address was written (decimal, octal, mapped).
 */
final class CheckedResolver implements DnsResolver {

  /** How names are looked up: {@code InetAddress::getAllByName}, except in tests. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] allOf(String host) throws UnknownHostException;
  }

  /** Thrown for a host that may not be reached. */
  static final class ForbiddenHostException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    ForbiddenHostException(String message) {
      super(message);
    }
  }

  /** Each address costs up to a connect timeout; hosts with more have enough of them down here. */
  private static final int MAX_ADDRESSES = 3;

  private final Lookup lookup;
  private final boolean allowPrivate;

  CheckedResolver(Lookup lookup, boolean allowPrivate) {
    this.lookup = lookup;
    this.allowPrivate = allowPrivate;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = lookup.allOf(host);
    // One forbidden answer among good ones is enough: an honest public host has none.
    for (InetAddress address : addresses) {
      AddressReach reach = AddressReach.of(address);
      if (reach == AddressReach.NEVER || (reach == AddressReach.PRIVATE && !allowPrivate)) {
        throw new ForbiddenHostException(
            "host %s has the address %s, which is %s"
                .formatted(
                    host,
                    address.getHostAddress(),
                    reach == AddressReach.NEVER
                        ? "link-local, reserved or a cloud's metadata service"
                        : "private; private addresses must be allowed first"));
      }
    }
    return Arrays.copyOf(addresses, Math.min(addresses.length, MAX_ADDRESSES));
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
