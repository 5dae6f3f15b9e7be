package io.blipstream.app.source;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Who can answer at an IP address, by the special-purpose registries of IANA (RFC 6890 and its
 * updates).
 */
enum AddressReach {
  /** Anybody on the Internet. */
  PUBLIC,
  /** This machine or its site: loopback, private, shared (CGNAT) and unique-local addresses. */
  PRIVATE,
  /**
   * Nothing that serves images: unspecified, link-local, multicast, reserved, and the addresses
   * where clouds hand credentials to machines.
   */
  NEVER;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(byte[] prefix, int bits, AddressReach reach) {

    static Block of(AddressReach reach, int bits, int... prefix) {
      byte[] bytes = new byte[prefix.length];
      for (int i = 0; i < prefix.length; i++) {
        bytes[i] = (byte) prefix[i];
      }
      return new Block(bytes, bits, reach);
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        int wanted = bit / 8 < prefix.length ? prefix[bit / 8] & mask : 0;
        if ((address[bit / 8] & mask) != wanted) {
          return false;
        }
      }
      return true;
    }
  }

  /** The first match counts, so that exceptions stand before what they are exceptions to. */
  private static final List<Block> V4 =
      List.of(
          Block.of(NEVER, 32, 100, 100, 100, 200), // metadata of Alibaba Cloud
          Block.of(NEVER, 32, 168, 63, 129, 16), // agent channel of Azure
          Block.of(NEVER, 8, 0),
          Block.of(PRIVATE, 8, 10),
          Block.of(PRIVATE, 10, 100, 64),
          Block.of(PRIVATE, 8, 127),
          Block.of(NEVER, 16, 169, 254), // link-local; metadata of most clouds
          Block.of(PRIVATE, 12, 172, 16),
          Block.of(NEVER, 24, 192, 0, 0), // protocol assignments; metadata of Oracle Cloud
          Block.of(NEVER, 24, 192, 0, 2),
          Block.of(NEVER, 24, 192, 88, 99),
          Block.of(PRIVATE, 16, 192, 168),
          Block.of(PRIVATE, 15, 198, 18),
          Block.of(NEVER, 24, 198, 51, 100),
          Block.of(NEVER, 24, 203, 0, 113),
          Block.of(NEVER, 4, 224),
          Block.of(NEVER, 4, 240));

  private static final List<Block> V6 =
      List.of(
          // Metadata and credentials (AWS: of instances at ::254, of Kubernetes pods at ::23).
          Block.of(NEVER, 32, 0xfd, 0, 0x0e, 0xc2), // AWS
          Block.of(NEVER, 32, 0xfd, 0, 0, 0xc1), // Oracle Cloud
          Block.of(NEVER, 32, 0xfd, 0x20, 0, 0xce), // Google Cloud
          Block.of(PRIVATE, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
          Block.of(PRIVATE, 7, 0xfc),
          Block.of(NEVER, 23, 0x20, 0x01), // protocol assignments, Teredo among them
          Block.of(NEVER, 32, 0x20, 0x01, 0x0d, 0xb8), // documentation
          Block.of(NEVER, 16, 0x20, 0x02), // 6to4: an IPv4 address in disguise
          Block.of(NEVER, 20, 0x3f, 0xff), // documentation
          Block.of(PUBLIC, 3, 0x20),
          Block.of(NEVER, 0));

  /** NAT64's well-known prefix (RFC 6052): the last four bytes are the IPv4 address reached. */
  private static final Block NAT64 = Block.of(PUBLIC, 96, 0, 0x64, 0xff, 0x9b);

  static AddressReach of(InetAddress address) {
    return of(address.getAddress(), address instanceof Inet4Address);
  }

  private static AddressReach of(byte[] address, boolean v4) {
    if (!v4 && (NAT64.contains(address) || isMapped(address))) {
      return of(new byte[] {address[12], address[13], address[14], address[15]}, true);
    }
    for (Block block : v4 ? V4 : V6) {
      if (block.contains(address)) {
        return block.reach();
      }
    }
    return PUBLIC;
  }

  /** {@code ::ffff:a.b.c.d}; {@link InetAddress} unwraps it by itself, unless told otherwise. */
  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < 12; i++) {
      if (address[i] != (i < 10 ? 0 : (byte) 0xff)) {
        return false;
      }
    }
    return true;
  }
}
