package dev.ridgeline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Data flows left to right and never back. */
@AnalyzeClasses(packages = "dev.ridgeline", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

  /** From first to last: a package may use what stands before it, and nothing behind. */
  private static final List<String> ORDER =
      List.of(
          "units",
          "events",
          "workload",
          "platform",
          "mapping",
          "kernel",
          "cost",
          "estimate",
          "serving",
          "catalog",
          "parquet",
          "calibration",
          "papers",
          "cli");

  @ArchTest
  static void packagesDependInOneOrder(JavaClasses ridgeline) {
    for (int index = 0; index < ORDER.size() - 1; index++) {
      noClasses()
          .that()
          .resideInAPackage("dev.ridgeline." + ORDER.get(index) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ORDER.subList(index + 1, ORDER.size()).stream()
                  .map(name -> "dev.ridgeline." + name + "..")
                  .toArray(String[]::new))
          .check(ridgeline);
    }
  }

  @ArchTest
  static void everyPackageHasItsPlace(JavaClasses ridgeline) {
    classes()
        .should()
        .resideInAnyPackage(
            ORDER.stream().map(name -> "dev.ridgeline." + name + "..").toArray(String[]::new))
        .check(ridgeline);
  }

  @ArchTest
  static final ArchRule OPERATORS_KNOW_NO_CHIP =
      noClasses()
          .that()
          .resideInAPackage("dev.ridgeline.mapping..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.ridgeline.platform..");

  @ArchTest
  static final ArchRule CORE_NEEDS_NO_LIBRARY =
      classes()
          .that()
          .resideInAnyPackage(
              "dev.ridgeline.units..",
              "dev.ridgeline.workload..",
              "dev.ridgeline.platform..",
              "dev.ridgeline.mapping..",
              "dev.ridgeline.kernel..",
              "dev.ridgeline.cost..",
              "dev.ridgeline.estimate..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "dev.ridgeline..");

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices().matching("dev.ridgeline.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)$");
}
