package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A user's way through the live page of a demo, in a real browser. */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LivePageBrowserTest {

  private static final Path SCREENSHOTS = Path.of("target", "page");

  @TempDir private static Path folder;

  private static Browser browser;
  private static PageDemo demo;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.open();
    browser.prefers("prefers-reduced-motion", "reduce");
    demo = PageDemo.start(folder.resolve("err"), 0);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @BeforeEach
  void open() {
    browser.complaints();
    browser.go(demo.address());
    browser.until("the service runs", () -> browser.text("#state-text").equals("Running"));
    browser.until("cards are there", () -> browser.all("#sheet > li").size() >= 4);
  }

  @AfterEach
  void shouldHaveAskedNobodyElseAndBrokenNoRule() {
    assertThat(browser.complaints()).as("complaints of the browser").isEmpty();
    assertThat(
            (List<?>)
                browser.script("return performance.getEntriesByType('resource').map(e => e.name)"))
        .allSatisfy(url -> assertThat(url.toString()).matches("(blob:)?" + demo.address() + ".*"));
  }

  @Test
  @Order(1)
  void shouldShowImagesWithTheirTextsScoresAndPictures() {
    browser.until(
        "a picture is there",
        () ->
            (boolean)
                browser.script(
                    "return [...document.querySelectorAll('#sheet img')].some(i => i.naturalWidth"
                        + " > 0)"));
    browser.until("one is struck out", () -> !browser.all("#sheet .struck del").isEmpty());
    holdStill();
    assertThat(browser.all("#sheet article"))
        .allSatisfy(
            card -> {
              assertThat(card.getText()).contains("a picture", "ITM 0.90", "ITC +0.40");
              assertThat(card.getText()).containsPattern("\\d+ ms|\\d\\.\\d s");
            });
    WebElement struck = browser.find("#sheet .text.struck");
    assertThat(struck.getText()).contains("web text", "ITM 0.10", "ITC \u22120.10");
    assertThat(struck.findElement(By.tagName("del")).getCssValue("text-decoration"))
        .contains("line-through");
    assertThat((String) browser.script("return arguments[0].textContent", struck))
        .contains("(rejected: TEXT_NOT_MATCHED)");
    assertThat(browser.all("#sheet .itm-bar .mark")).isNotEmpty();
  }

  @Test
  @Order(2)
  void shouldShowOnlyWhatTheFiltersLetThrough() {
    browser.until("one is struck out", () -> !browser.all("#sheet .struck").isEmpty());
    browser.until("one is not", LivePageBrowserTest::someAreWithout);
    choose("rejected");
    onlyCardsWith("rejected ones", ".struck");
    select("source", "SYNTHETIC");
    browser.until("no caption is rejected", () -> browser.all("#sheet > li").isEmpty());
    assertThat(browser.text("#empty")).contains("None of the images at hand match");
    select("source", "WEB");
    onlyCardsWith("rejected web texts", ".struck");
    browser.until(
        "the reason is offered",
        () -> browser.text("select[name=reason]").contains("TEXT_NOT_MATCHED ("));
    select("reason", "TEXT_NOT_MATCHED");
    onlyCardsWith("texts that do not match", ".struck");
    browser.find("#filters button[type=reset]").click();
    browser.until("all are back", LivePageBrowserTest::someAreWithout);
    choose("kept");
    select("source", "WEB");
    onlyCardsWith("kept web texts", ".text:not(.struck) + .text:not(.struck)");
    browser.find("#filters button[type=reset]").click();
  }

  @Test
  @Order(3)
  void shouldSayWhatAnotherThresholdWouldKeep() {
    browser.until("texts are counted", () -> browser.text("#threshold-summary").contains("Keeps"));
    WebElement slider = browser.find("#threshold");
    assertThat(browser.text("#threshold-value")).isEqualTo("0.50");
    assertThat(browser.find("#threshold-reset").isEnabled()).isFalse();
    slider.sendKeys(Keys.ARROW_RIGHT.toString().repeat(41));
    assertThat(browser.text("#threshold-value")).isEqualTo("0.91");
    assertThat(browser.text("#threshold-summary"))
        .startsWith("Keeps 0 of the last")
        .contains("0.0%");
    assertThat(browser.text("#kept-ALL")).containsPattern("\u2212\\d");
    assertThat(browser.find("#threshold").getAttribute("aria-valuetext"))
        .startsWith("0.91. Keeps 0");
    assertThat(browser.find("#sheet .itm-bar .try").getCssValue("display")).isEqualTo("block");
    slider.sendKeys(Keys.HOME);
    assertThat(browser.text("#threshold-summary")).contains("(100.0%)");
    assertThat(browser.text("#kept-ALL")).containsPattern("\\+\\d");
    assertThat(browser.find("#histogram svg").getAttribute("aria-label"))
        .contains("square-root scale", "(100.0%)");
    browser.find("#threshold-reset").click();
    assertThat(browser.text("#threshold-value")).isEqualTo("0.50");
    assertThat(browser.text("#kept-ALL")).endsWith(" 0");
    assertThat(browser.all("#histogram rect.kept").size()).isPositive();
  }

  @Test
  @Order(4)
  void shouldDrawTheStreamAndItsFigures() {
    browser.until(
        "throughput is known", () -> browser.text("#chart-images .value").matches("[1-9].*"));
    for (String chart : List.of("images", "lag", "fill", "busy", "inFlight")) {
      browser.until(
          chart + " is drawn",
          () -> {
            String line = browser.find("#chart-" + chart + " .line").getAttribute("d");
            return line != null && line.contains("L");
          });
      browser.until(
          chart + " is told",
          () ->
              browser
                  .find("#chart-" + chart + " svg")
                  .getAttribute("aria-label")
                  .contains("in the last two minutes from"));
    }
    browser.until("tasks are shown", () -> browser.all("#tasks li").size() == 4);
    List<String> drawn =
        browser.all("#topology svg text").stream().map(WebElement::getText).toList();
    assertThat(drawn).contains("images", "captions", "itm-confidence", "rejects", "micro-batch");
    assertThat(drawn).filteredOn(text -> text.matches("[\\d.,]+/s")).hasSize(4);
    browser.until(
        "something flows",
        () -> !browser.find("#topology .flow.captions").getAttribute("data-level").equals("0"));
    assertThat((String) browser.script("return document.querySelector('#topology p').textContent"))
        .contains("images a second go through", "to captions");
    browser.until("nothing is missing", () -> browser.text("#ledger").contains("Nothing missing."));
  }

  @Test
  @Order(5)
  void shouldSendAChosenImageThroughKafkaAndShowItsCard() throws IOException {
    Path image = folder.resolve("holiday photo.png");
    Pictures.write(image, 60);
    browser.find("#send-file").sendKeys(image.toAbsolutePath().toString());
    assertThat(browser.text("#send-hint")).contains("holiday photo.png");
    String text = "<img src=x onerror='window.harmed=1'>";
    browser.find("#send-text").sendKeys(text, Keys.ENTER);
    browser.until("its card is there", () -> !browser.all("#sent .texts").isEmpty());
    assertThat(browser.text("#sent .card")).contains(text, "a picture", "holiday-photo.png");
    assertThat(browser.text("#send-status"))
        .contains("Caption \u201ca picture\u201d kept at 0.90.");
    assertThat(browser.script("return window.harmed")).as("no text becomes markup").isNull();
    assertThat(browser.find("#send-text").getAttribute("value")).isEmpty();
  }

  @Test
  @Order(6)
  void shouldTakeADroppedImageAtOnceAndSayWhyItIsNone() {
    drop("notes.txt", "new Uint8Array(100)");
    browser.until("its reject is there", () -> !browser.all("#sent .refused").isEmpty());
    assertThat(browser.text("#sent .refused")).contains("NOT_AN_IMAGE", "notes.txt");
    assertThat(browser.text("#send-status")).startsWith("Rejected:");
    assertThat(browser.find("#veil").isDisplayed()).isFalse();
  }

  @Test
  @Order(7)
  void shouldSayWhatCannotBeSent() {
    browser.find("#send button[type=submit]").click();
    assertThat(browser.text("#send-status")).isEqualTo("Choose an image first.");
    drop("huge.png", "new Uint8Array(40 << 20)");
    assertThat(browser.text("#send-status")).contains("huge.png has 40 MiB; at most");
    drop("empty.png", "new Uint8Array(0)");
    browser.until(
        "the server's words are there",
        () -> browser.text("#send-status").contains("empty.png was not sent. The file is empty."));
    assertThat(browser.complaints()).singleElement().asString().contains("400");
  }

  @Test
  @Order(8)
  void shouldHoldStillWhilePaused() {
    holdStill();
    List<String> before = cards();
    browser.until(
        "others wait", () -> browser.text("#feed-status").matches("Paused, [1-9].* new waiting"));
    browser.pause(2500);
    assertThat(cards()).isEqualTo(before);
    browser.find("#pause").click();
    browser.until("they come in", () -> !cards().equals(before));
    browser.moveTo(browser.find("#sheet > li"));
    browser.until(
        "it is still", () -> browser.text("#feed-status").startsWith("Still while you read"));
    browser.moveTo(browser.find("h1"));
  }

  @Test
  @Order(9)
  void shouldKeepTheColoursThatWereChosen() throws IOException {
    browser.prefers("prefers-color-scheme", "light");
    holdStill();
    browser.screenshot(SCREENSHOTS.resolve("light.png"));
    String light = browser.find("body").getCssValue("background-color");
    browser.find("#theme").click();
    String dark = browser.find("body").getCssValue("background-color");
    assertThat(dark).isNotEqualTo(light);
    open();
    assertThat(browser.find("body").getCssValue("background-color")).isEqualTo(dark);
    browser.screenshot(SCREENSHOTS.resolve("dark.png"));
    browser.script("localStorage.clear()");
    open();
    assertThat(browser.find("body").getCssValue("background-color")).isEqualTo(light);
    browser.prefers("prefers-color-scheme", "dark");
    assertThat(browser.find("body").getCssValue("background-color")).isEqualTo(dark);
    browser.prefers("prefers-color-scheme", "light");
  }

  @Test
  @Order(10)
  void shouldBeUsableByKeyboardAlone() {
    browser.script("document.activeElement.blur(); window.getSelection().removeAllRanges()");
    Set<String> reached = new LinkedHashSet<>();
    while (reached.isEmpty() || !reached.contains("reset")) {
      browser.press(Keys.TAB);
      String element =
          (String)
              browser.script(
                  "const e = document.activeElement; return e.id || e.name || e.type ||"
                      + " e.className || e.tagName");
      assertThat(element).as("after %s", reached).isNotEqualTo("BODY");
      if (reached.add(element) && reached.size() == 1) {
        assertThat(
                (long) browser.script("return document.activeElement.getBoundingClientRect().top"))
            .as("the skip link comes into sight")
            .isNotNegative();
      }
      assertThat((boolean) browser.script(FOCUS_IS_VISIBLE))
          .as("focus on %s shows", reached)
          .isTrue();
    }
    assertThat(reached)
        .containsSubsequence(
            "skip",
            "theme",
            "send-file",
            "send-text",
            "submit",
            "threshold",
            "pause",
            "verdict",
            "source",
            "reason",
            "reset");
    assertThat(browser.all("[tabindex]"))
        .allSatisfy(element -> assertThat(element.getAttribute("tabindex")).isIn("0", "-1"));
  }

  /** An outline on the element, or on what stands for it where it is hidden itself. */
  private static final String FOCUS_IS_VISIBLE =
      """
      const one = document.activeElement;
      return [one, one.nextElementSibling, one.previousElementSibling].some(
          (e) => e && getComputedStyle(e).outlineStyle !== 'none'
              && parseFloat(getComputedStyle(e).outlineWidth) >= 2);
      """;

  @Test
  @Order(11)
  void shouldHaveNoAccessibilityFaultThatAxeFinds() throws IOException {
    String axe = resource("/axe.min.js");
    holdStill();
    for (String scheme : List.of("light", "dark")) {
      browser.prefers("prefers-color-scheme", scheme);
      browser.script(axe);
      List<?> faults =
          (List<?>)
              browser.asyncScript(
                  "const done = arguments[0]; axe.run().then(found => done("
                      + "found.violations.map(v => v.id + ': ' + v.help + ' '"
                      + " + v.nodes.map(n => n.html).slice(0, 3).join(' '))))");
      assertThat(faults).as(scheme).isEmpty();
    }
    browser.prefers("prefers-color-scheme", "light");
  }

  @Test
  @Order(12)
  void shouldFitAPhone() throws IOException {
    try {
      browser.phone(360, 780);
      open();
      assertThat((long) browser.script("return document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(360);
      assertThat(browser.all("#topology svg.down")).hasSize(1);
      browser.screenshot(SCREENSHOTS.resolve("phone.png"));
      browser.script("document.getElementById('images').scrollIntoView()");
      browser.screenshot(SCREENSHOTS.resolve("phone-images.png"));
    } finally {
      browser.noPhone();
    }
  }

  @Test
  @Order(13)
  void shouldComeBackWhenTheServiceDoes() throws Exception {
    int port = demo.port();
    demo.close();
    browser.until(
        "the loss is told", () -> browser.text("#state-text").startsWith("Connection lost"));
    assertThat(cards()).as("what was there stays").isNotEmpty();
    demo = PageDemo.start(folder.resolve("err2"), port);
    browser.until("it runs again", () -> browser.text("#state-text").equals("Running"));
    browser.until("images come again", () -> browser.text("#ledger").contains("Nothing missing."));
    browser.complaints(); // Of the connection that was lost.
  }

  private static void holdStill() {
    if (browser.find("#pause").getAttribute("aria-pressed").equals("false")) {
      browser.find("#pause").click();
    }
  }

  private static void choose(String verdict) {
    browser.find("input[name=verdict][value=" + verdict + "]").click();
  }

  private static void select(String name, String value) {
    browser.find("select[name=%s] option[value=%s]".formatted(name, value)).click();
  }

  private static void onlyCardsWith(String what, String selector) {
    browser.until(
        what,
        () -> {
          int cards = browser.all("#sheet > li").size();
          return cards > 0 && cards == browser.all("#sheet > li:has(" + selector + ")").size();
        });
  }

  private static boolean someAreWithout() {
    return browser.all("#sheet > li").size() > browser.all("#sheet > li:has(.struck)").size();
  }

  private static List<String> cards() {
    List<?> names =
        (List<?>)
            browser.script(
                "return [...document.querySelectorAll('#sheet h3')].map(e => e.textContent)");
    return names.stream().map(Object::toString).toList();
  }

  private static void drop(String name, String bytes) {
    browser.script(
        """
        const files = new DataTransfer();
        files.items.add(new File([%s], '%s'));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(
              new DragEvent(type, {dataTransfer: files, bubbles: true, cancelable: true}));
        }
        """
            .formatted(bytes, name));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = LivePageBrowserTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
