package io.blipstream.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blipstream.app.source.FetchException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where links, redirects and names can lead the service (server-side request forgery), told by the
 * addresses that its sockets were opened to.
 */
class LinkSafetyTest {

  private static final byte[] IMAGE = "as good as an image".getBytes(StandardCharsets.UTF_8);
  private static final FetchLimits LIMITS =
      new FetchLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, 3, 0, 4);

  private FakeInternet internet;
  private CheckedResolver.Lookup lookup = host -> internet.lookUp(host);

  @BeforeEach
  void start() throws IOException {
    internet = new FakeInternet(IMAGE);
    internet.name("good.test", "8.8.8.8").name("other.test", "2606:4700::1111");
    internet.name("internal.test", "10.0.0.1").name("metadata.test", "169.254.169.254");
  }

  @AfterEach
  void stop() {
    internet.close();
  }

  @Test
  void shouldFollowRedirectsFromOnePublicHostToAnother() throws Exception {
    internet.redirect("good.test/image", "http://other.test/image");
    assertThat(fetch("http://good.test/image", false)).isEqualTo(IMAGE);
    assertThat(internet.reached).containsExactly("8.8.8.8", "2606:4700:0:0:0:0:0:1111");
    assertThat(internet.requests).containsExactly("good.test/image", "other.test/image");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://internal.test/secret",
        "//internal.test/secret",
        "http://metadata.test/latest/meta-data",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://2130706433/",
        "http://100.64.0.1/",
        "http://good.test@internal.test/",
        "https://internal.test/",
        "file:///etc/passwd",
        "ftp://good.test/image",
        "gopher://good.test:70/1",
        "jar:http://good.test/a.jar!/b",
        "data:image/png;base64,AAAA"
      })
  void shouldCheckEveryHopOfARedirect(String target) throws Exception {
    literals();
    internet.redirect("good.test/image", "http://other.test/next");
    internet.redirect("other.test/next", target);
    assertThat(failure("http://good.test/image", false).reason()).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(internet.reached).containsExactly("8.8.8.8", "2606:4700:0:0:0:0:0:1111");
    assertThat(internet.requests).containsExactly("good.test/image", "other.test/next");
  }

  @Test
  void shouldReachWhatTheCheckForbidsIfPrivateAddressesAreAllowed() throws Exception {
    // Negative control: what refuses the redirects above is the check, and nothing by chance.
    internet.redirect("good.test/image", "http://internal.test/secret");
    assertThat(fetch("http://good.test/image", true)).isEqualTo(IMAGE);
    assertThat(internet.reached).containsExactly("8.8.8.8", "10.0.0.1");
  }

  @Test
  void shouldConnectToTheAddressThatWasCheckedWhateverTheNameSaysNext() throws Exception {
    internet.name("rebinding.test", "8.8.8.8").name("rebinding.test", "127.0.0.1");
    try (LinkFetcher fetcher = fetcher(false)) {
      assertThat(fetcher.fetch("http://rebinding.test/image")).isEqualTo(IMAGE);
      // Checked and connected to from one answer: a second look-up would have said 127.0.0.1.
      assertThat(internet.asked).containsExactly("rebinding.test");
      assertThat(failure(fetcher, "http://rebinding.test/image").reason())
          .isEqualTo(Reason.FETCH_FORBIDDEN);
    }
    assertThat(internet.reached).containsExactly("8.8.8.8");
  }

  @Test
  void shouldCheckANameAgainWhenItRedirectsToItself() throws Exception {
    internet.name("rebinding.test", "8.8.8.8").name("rebinding.test", "127.0.0.1");
    internet.redirect("rebinding.test/image", "/admin");
    assertThat(failure("http://rebinding.test/image", false).reason())
        .isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(internet.reached).containsExactly("8.8.8.8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1 8.8.8.8",
        "8.8.8.8 10.0.0.1",
        "8.8.8.8 9.9.9.9 1.1.1.1 1.0.0.1 127.0.0.1",
        "8.8.8.8 ::1",
        "2606:4700::1111 fd12::1",
        "8.8.8.8 0.0.0.0",
        "8.8.8.8 64:ff9b::c0a8:1"
      })
  void shouldRefuseANameWithOnePrivateAddressAmongOthers(String addresses) throws Exception {
    internet.name("mixed.test", addresses.split(" "));
    assertThat(failure("http://mixed.test/", false).reason()).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(internet.reached).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1%25lo]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://0/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://169.254.169.254/",
        "http://0xa9fea9fe/",
        "http://2852039166/"
      })
  void shouldReachNoPrivateAddressHoweverItIsWritten(String link) throws Exception {
    literals();
    failureOrImage(link);
    // Octal digits are read as decimal ones by Java; then 177.0.0.1 is meant, and reached.
    assertThat(internet.reached).isSubsetOf("177.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost./",
        "http://LOCALHOST/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://ⓛocalhost/",
        "http://127.0.0.1%00.good.test/",
        "http://%31%32%37.0.0.1/",
        "http://127.0.0.1%2f.good.test/",
        "http://internal_1.test/"
      })
  void shouldAskItsOwnCheckForEveryNameThatAResolverMayUnderstand(String link) throws Exception {
    // A resolver at its most obliging: whatever it is asked, it answers with this machine.
    CheckedResolver.Lookup obliging =
        host -> {
          internet.asked.add(host);
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
    try (LinkFetcher fetcher = fetcher(false, obliging)) {
      assertThat(failure(fetcher, link).reason()).isIn(Reason.FETCH_FORBIDDEN, Reason.FETCH_FAILED);
    }
    assertThat(internet.reached).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://good.test#@internal.test/",
        "http://good.test?@internal.test/",
        "http://good.test/@internal.test/",
        "http://good.test/\\@internal.test/",
        "http://good.test:80/image#http://internal.test/",
        "http:\\\\internal.test/",
        "http:/internal.test/",
        "http:internal.test/",
        "http://good.test\\@internal.test/",
        "http://good.test%2f@internal.test/",
        "http://good.test@internal.test/",
        "http://good.test:80@internal.test/",
        "http://@internal.test/",
        "http://good.test:80:80/",
        "http://good.test\t@internal.test/",
        "http://good.test\r\nHost: internal.test/"
      })
  void shouldReadTheHostAsTheClientReadsIt(String link) throws Exception {
    // No private address is refused here: a host that was misread would be reached.
    failureOrImage(link, true);
    assertThat(internet.asked).isSubsetOf("good.test");
    assertThat(internet.requests).allMatch(request -> request.startsWith("good.test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data", // most clouds
        "http://169.254.170.2/v2/credentials", // AWS containers
        "http://169.254.170.23/v1/credentials", // AWS pods
        "http://[fd00:ec2::254]/latest/meta-data",
        "http://[fd00:ec2::23]/v1/credentials",
        "http://[fd20:ce::254]/computeMetadata/v1", // Google
        "http://192.0.0.192/latest", // Oracle
        "http://[fd00:c1::a9fe:a9fe]/opc/v2",
        "http://100.100.100.200/latest/meta-data", // Alibaba
        "http://168.63.129.16/machine", // Azure
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fe80::a9fe:a9fe]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://239.255.255.250/",
        "http://[ff02::1]/",
        "http://255.255.255.255/",
        "http://metadata.test/"
      })
  void shouldReachNoMetadataServiceEvenIfPrivateAddressesAreAllowed(String link) throws Exception {
    literals();
    assertThat(failure(link, true).reason()).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(internet.reached).isEmpty();
  }

  /**
   * Lets the system read addresses; it looks up no name here, so that nothing leaves the machine.
   */
  private void literals() {
    lookup =
        host -> {
          if (host.endsWith(".test")) {
            return internet.lookUp(host);
          }
          assertThat(host).as("an address").matches("\\[?[0-9a-fx:.%lo]+]?");
          return InetAddress.getAllByName(host);
        };
  }

  private LinkFetcher fetcher(boolean allowPrivate) throws IOException {
    return fetcher(allowPrivate, lookup);
  }

  private LinkFetcher fetcher(boolean allowPrivate, CheckedResolver.Lookup names)
      throws IOException {
    return new LinkFetcher(
        LIMITS, HostGates.BREAKER, allowPrivate, List.of(), names, internet::socket);
  }

  private byte[] fetch(String link, boolean allowPrivate) throws Exception {
    try (LinkFetcher fetcher = fetcher(allowPrivate)) {
      return fetcher.fetch(link);
    }
  }

  private void failureOrImage(String link) throws IOException {
    failureOrImage(link, false);
  }

  private void failureOrImage(String link, boolean allowPrivate) throws IOException {
    try (LinkFetcher fetcher = fetcher(allowPrivate)) {
      assertThat(fetcher.fetch(link)).isEqualTo(IMAGE);
    } catch (FetchException e) {
      assertThat(e.reason()).isIn(Reason.FETCH_FORBIDDEN, Reason.FETCH_FAILED);
    }
  }

  private FetchException failure(String link, boolean allowPrivate) throws IOException {
    try (LinkFetcher fetcher = fetcher(allowPrivate)) {
      return failure(fetcher, link);
    }
  }

  private static FetchException failure(LinkFetcher fetcher, String link) {
    FetchException failure = catchThrowableOfType(FetchException.class, () -> fetcher.fetch(link));
    assertThat(failure).as("failure of %s", link).isNotNull();
    return failure;
  }
}
