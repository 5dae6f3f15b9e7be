package io.blipstream.app.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchReportTest {

  private static final Machine MACHINE =
      new Machine("Some CPU", 2, 24L << 30, "17.0.1 VM", "Linux 6 amd64", "blipstream 1", 0.25);

  @TempDir private Path folder;

  private static BenchReport report(Machine machine, BenchRow... rows) {
    return new BenchReport("bench thing --n 3", "2026-01-02T03:04:05Z", machine, List.of(rows));
  }

  private static BenchRow row(String size, double rate) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("size", size);
    parameters.put("guarantee", "once");
    return new BenchRow(
        "thing",
        parameters,
        List.of(
            Figure.median("rate", "1/s", List.of(rate * 1.1, rate, rate * 0.9)),
            Figure.count("lost", 0)));
  }

  @Test
  void shouldQuoteTheMedianAndTheSpreadOfRepeats() {
    assertThat(Figure.median("f", "", List.of(5.0, 1.0, 3.0)))
        .isEqualTo(new Figure("f", "", 3, 1, 5));
    assertThat(Figure.median("f", "", List.of(4.0, 2.0))).isEqualTo(new Figure("f", "", 3, 2, 4));
  }

  @Test
  void shouldShowMachineParametersAndFiguresWithTheirUnits() {
    List<String> lines = BenchTable.lines(report(MACHINE, row("1 KB", 1951), row("100 KB", 95.5)));
    assertThat(lines.get(0)).contains("Some CPU, 2 cores, 24 GiB", "blipstream 1", "load at start");
    assertThat(lines)
        .containsSubsequence(
            "thing    size  guarantee        rate [1/s]  lost",
            "         1 KB       once  1951 (1756-2146)     0",
            "       100 KB       once     95.5 (86-105)     0");
  }

  @Test
  void shouldShowRowsOfUnlikeShapeWithGaps() {
    BenchRow other = new BenchRow("thing", Map.of("side", "9"), List.of(Figure.of("p", "ms", 1)));
    List<String> lines = BenchTable.lines(report(MACHINE, row("1", 10), other));
    assertThat(lines.get(2)).contains("size", "guarantee", "side", "rate [1/s]", "p [ms]");
    assertThat(lines.get(4)).endsWith("1").contains("9");
  }

  @Test
  void shouldComeBackFromItsFileAsItWas() throws IOException {
    Path file = folder.resolve("a.json");
    BenchReport written = report(MACHINE, row("1", 10), row("2", 20));
    BenchJson.write(written, file);
    assertThat(BenchJson.read(file)).isEqualTo(written);
    Files.writeString(file, BenchJson.of(written).toString());
    assertThat(BenchJson.read(file)).isEqualTo(written);
  }

  @Test
  void shouldRatioWhatIsTheSameCaseInBoth() {
    BenchReport before = report(MACHINE, row("1", 10), row("3", 30));
    BenchReport now = report(MACHINE, row("1", 25), row("2", 20));
    List<String> lines = BenchComparison.lines(now, before);
    assertThat(lines.get(0)).contains("blipstream 1", "2026-01-02T03:04:05Z");
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches("thing size=1 guarantee=once +rate +10 +25 +2\\.50")
                    .doesNotContain("size=2"))
        .anySatisfy(line -> assertThat(line).matches("thing size=1 .* lost +0 +0 +1\\.00"))
        .contains("Only now: thing size=2 guarantee=once")
        .contains("Only before: thing size=3 guarantee=once")
        .noneMatch(line -> line.contains("MACHINE DIFFERS"));
  }

  @Test
  void shouldSayWhatDiffersBetweenMachines() {
    Machine other =
        new Machine("Other CPU", 4, 24L << 30, "17.0.1 VM", "Linux 6 amd64", "blipstream 0", 7);
    assertThat(BenchComparison.lines(report(MACHINE, row("1", 1)), report(other, row("1", 1))))
        .contains("THE MACHINE DIFFERS (CPU Other CPU, now Some CPU; cores 4, now 2).");
  }

  @Test
  void shouldNotRatioFiguresOfUnlikeUnits() {
    BenchRow ms = new BenchRow("t", Map.of(), List.of(Figure.of("time", "ms", 1000)));
    BenchRow s = new BenchRow("t", Map.of(), List.of(Figure.of("time", "s", 1)));
    assertThat(BenchComparison.lines(report(MACHINE, s), report(MACHINE, ms)))
        .anyMatch(line -> line.endsWith("units differ: ms, now s"));
  }

  @Test
  void shouldSayWhenThereIsNothingToCompare() {
    assertThat(BenchComparison.lines(report(MACHINE, row("1", 1)), report(MACHINE, row("2", 1))))
        .anyMatch(line -> line.startsWith("No case is in both"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[1, 2]",
        "{}",
        "{\"command\":\"bench\",\"time\":\"t\",\"machine\":{},\"rows\":[]}",
        "{\"command\":\"b\",\"time\":\"t\",\"machine\":{\"cpu\":\"c\",\"cores\":1,\"memoryBytes\":1,"
            + "\"jdk\":\"j\",\"os\":\"o\",\"blipstream\":\"b\",\"loadAtStart\":0},"
            + "\"rows\":[{\"name\":\"n\",\"parameters\":{},\"figures\":{\"f\":{\"unit\":\"\","
            + "\"value\":\"fast\"}}}]}"
      })
  void shouldRefuseAFileThatIsNoReport(String content) throws IOException {
    Path file = folder.resolve("broken.json");
    Files.writeString(file, content);
    assertThatThrownBy(() -> BenchJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is no report of blipstream bench (");
  }

  @Test
  void shouldNameAFileThatIsMissing() {
    Path file = folder.resolve("missing.json");
    assertThatThrownBy(() -> BenchJson.read(file)).hasMessageContaining("There is no file " + file);
  }
}
