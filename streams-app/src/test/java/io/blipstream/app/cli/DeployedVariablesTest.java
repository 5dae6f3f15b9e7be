package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A variable that no flag stands for would be passed over in silence. */
class DeployedVariablesTest {

  /** Of the model's cache, which is no flag; of Compose's own file. */
  private static final Set<String> NO_FLAGS =
      Set.of("BLIPSTREAM_CACHE", "BLIPSTREAM_IMAGE", "BLIPSTREAM_BASE");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/Dockerfile",
        "image/Dockerfile.cuda",
        "image/healthy",
        "compose.yaml",
        "helm/blipstream/templates/_env.tpl"
      })
  void shouldSetOnlyVariablesThatRunKnows(String file) throws IOException {
    Set<String> known = new HashSet<>(NO_FLAGS);
    find("--([a-z][a-z-]+)", new Shell().run("run", "--help").out())
        .forEach(
            flag -> known.add("BLIPSTREAM_" + flag.replace('-', '_').toUpperCase(Locale.ROOT)));
    String text = Files.readString(Path.of("../deploy").resolve(file));
    assertThat(find("\\b(BLIPSTREAM_[A-Z_]*[A-Z])\\b", text)).isNotEmpty().isSubsetOf(known);
  }

  private static Set<String> find(String pattern, String text) {
    Set<String> found = new HashSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
