package io.blipstream.model.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SceneGeneratorTest {
  private static final int MANY = 2000;

  @Test
  void shouldGiveTheSameSceneForTheSameSeedAndIndexWhateverWasAskedBefore() {
    SceneGenerator first = new SceneGenerator(7);
    SceneGenerator second = new SceneGenerator(7);
    LongStream.range(0, 100).forEach(first::scene);
    assertThat(first.scene(41)).isEqualTo(second.scene(41));
  }

  @Test
  void shouldGiveOtherScenesForAnotherSeedOrIndex() {
    SceneGenerator generator = new SceneGenerator(7);
    assertThat(generator.scene(41)).isNotEqualTo(generator.scene(42));
    assertThat(generator.scene(41)).isNotEqualTo(new SceneGenerator(8).scene(41));
  }

  @Test
  void shouldCoverTheWholeWorld() {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<Colour> colours = EnumSet.noneOf(Colour.class);
    Set<Size> sizes = EnumSet.noneOf(Size.class);
    Set<Background> backgrounds = EnumSet.noneOf(Background.class);
    Set<Integer> counts = new HashSet<>();
    Set<Scene.Arrangement> arrangements = EnumSet.noneOf(Scene.Arrangement.class);
    for (Scene scene : scenes(1)) {
      backgrounds.add(scene.background());
      arrangements.add(scene.arrangement());
      for (Group group : scene.groups()) {
        kinds.add(group.kind());
        colours.add(group.colour());
        sizes.add(group.size());
        counts.add(group.count());
      }
    }
    assertThat(kinds).hasSizeGreaterThanOrEqualTo(20).containsExactlyInAnyOrder(Kind.values());
    assertThat(colours).hasSize(8);
    assertThat(sizes).hasSize(3);
    assertThat(backgrounds).containsExactlyInAnyOrder(Background.values());
    assertThat(counts).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(arrangements).containsExactlyInAnyOrder(Scene.Arrangement.values());
  }

  @Test
  void shouldShowOneBigThingWhenTheDifficultyIsZero() {
    assertThat(scenes(0))
        .allSatisfy(
            scene -> {
              assertThat(scene.groups()).hasSize(1);
              assertThat(scene.groups().get(0).count()).isEqualTo(1);
              assertThat(scene.groups().get(0).size()).isEqualTo(Size.BIG);
            });
  }

  @Test
  void shouldRefuseADifficultyOutsideZeroToOne() {
    SceneGenerator generator = new SceneGenerator(7);
    assertThatThrownBy(() -> generator.scene(0, 1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> generator.scene(0, Double.NaN)).hasMessageContaining("NaN");
  }

  private static List<Scene> scenes(double difficulty) {
    SceneGenerator generator = new SceneGenerator(7);
    return LongStream.range(0, MANY).mapToObj(i -> generator.scene(i, difficulty)).toList();
  }
}
