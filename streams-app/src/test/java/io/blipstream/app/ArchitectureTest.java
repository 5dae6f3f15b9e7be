package io.blipstream.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.junit.jupiter.api.Test;

/** Imports run one way: schemas and model know nothing of what uses them. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.blipstream");

  @Test
  void shouldSeeAllThreeModules() {
    for (String module : new String[] {"schemas", "model", "app"}) {
      assertThat(CLASSES.that(residesIn("io.blipstream." + module))).isNotEmpty();
    }
  }

  @Test
  void shouldKeepSchemasFreeOfTheOthers() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.blipstream.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.blipstream.model..", "io.blipstream.app.."));
  }

  @Test
  void shouldKeepTheModelFreeOfKafka() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.blipstream.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.blipstream.schemas..",
                "io.blipstream.app..",
                "org.apache.kafka..",
                "org.apache.avro.."));
  }

  @Test
  void shouldNameDjlOnlyWhereTheEngineTheTrainerAndTheTokenizerAre() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.blipstream.model.libtorch..",
                "io.blipstream.model.engine.pytorch..",
                "io.blipstream.model.train..",
                "io.blipstream.model.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.."));
  }

  @Test
  void shouldHideTheRelocatedRegistryClientInItsSerde() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.blipstream.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink.."));
  }

  @Test
  void shouldKeepTheNetworkFreeOfEngines() {
    check(
        classes()
            .that()
            .resideInAPackage("io.blipstream.model.network..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.blipstream.model.network..", "io.blipstream.model.checkpoint..", "java.."));
  }

  @Test
  void shouldKeepWindowAndBatcherFreeOfWhatTheyCarry() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.blipstream.app.inflight..", "io.blipstream.app.batching..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.blipstream.model..",
                "io.blipstream.schemas..",
                "io.blipstream.app.topology..",
                "io.blipstream.app.cli.."));
  }

  /** Thrown by user code it makes outcomes appear twice, even under exactly once. */
  @Test
  void shouldLeaveTheExceptionOfCorruptedTasksToKafka() {
    ArchRule rule =
        noClasses().should().dependOnClassesThat().areAssignableTo(TaskCorruptedException.class);
    check(rule);
    assertThat(
            rule.evaluate(new ClassFileImporter().importClasses(Corrupting.class)).hasViolation())
        .as("a class that makes one is seen")
        .isTrue();
  }

  private static final class Corrupting {
    @SuppressWarnings("unused")
    RuntimeException failure() {
      return new TaskCorruptedException(Set.of());
    }
  }

  @Test
  void shouldLetNobodyDependOnTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.blipstream.app.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.blipstream.app.cli.."));
  }

  @Test
  void shouldHaveNoCyclesBetweenRooms() {
    check(slices().matching("io.blipstream.app.(*)..").should().beFreeOfCycles());
    check(slices().matching("io.blipstream.schemas.(*)..").should().beFreeOfCycles());
    check(slices().matching("io.blipstream.model.(*)..").should().beFreeOfCycles());
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<
          com.tngtech.archunit.core.domain.JavaClass>
      residesIn(String root) {
    return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(root + "..");
  }
}
