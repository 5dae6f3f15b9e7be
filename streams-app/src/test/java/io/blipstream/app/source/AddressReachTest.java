package io.blipstream.app.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressReachTest {

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "10.1.2.3, PRIVATE",
    "192.168.0.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "100.127.255.255, PRIVATE",
    "100.128.0.0, PUBLIC",
    "100.100.100.200, NEVER",
    "127.255.255.255, PRIVATE",
    "169.254.169.254, NEVER",
    "168.63.129.16, NEVER",
    "0.0.0.0, NEVER",
    "0.1.2.3, NEVER",
    "192.0.0.192, NEVER",
    "192.0.2.1, NEVER",
    "192.88.99.1, NEVER",
    "198.17.255.255, PUBLIC",
    "198.18.0.0, PRIVATE",
    "198.19.255.255, PRIVATE",
    "198.20.0.0, PUBLIC",
    "198.51.100.1, NEVER",
    "203.0.113.1, NEVER",
    "223.255.255.255, PUBLIC",
    "224.0.0.1, NEVER",
    "239.255.255.250, NEVER",
    "240.0.0.1, NEVER",
    "255.255.255.255, NEVER",
    "2001:4860:4860::8888, PUBLIC",
    "2a00:1450::1, PUBLIC",
    "::, NEVER",
    "::1, PRIVATE",
    "::127.0.0.1, NEVER",
    "::ffff:10.0.0.1, PRIVATE",
    "64:ff9b::8.8.8.8, PUBLIC",
    "64:ff9b::10.0.0.1, PRIVATE",
    "64:ff9b::169.254.169.254, NEVER",
    "64:ff9b:1::8.8.8.8, NEVER",
    "fc00::1, PRIVATE",
    "fd12:3456::1, PRIVATE",
    "fd00:ec2::254, NEVER",
    "fd00:ec2::23, NEVER",
    "fd00:ec3::254, PRIVATE",
    "fd00:c1::a9fe:a9fe, NEVER",
    "fd20:ce::254, NEVER",
    "fe80::1, NEVER",
    "ff02::1, NEVER",
    "2002:7f00:1::, NEVER",
    "2001:0:7f00:1::, NEVER",
    "2001:20::1, NEVER",
    "2001:200::1, PUBLIC",
    "2001:db8::1, NEVER",
    "2002:a9fe:a9fe::, NEVER",
    "3fff::1, NEVER",
    "5f00::1, NEVER",
    "fbff::1, NEVER",
    "febf::1, NEVER",
    "fec0::1, NEVER",
    "::ffff:0:127.0.0.1, NEVER"
  })
  void shouldTellWhoAnswersAtAnAddress(String address, AddressReach reach) throws Exception {
    assertThat(InetAddress.getAllByName(address))
        .allSatisfy(one -> assertThat(AddressReach.of(one)).isEqualTo(reach));
  }
}
