package dev.ridgeline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Data flows left to right and never back. */
@AnalyzeClasses(packages = "dev.ridgeline", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

  @ArchTest
  static final ArchRule PACKAGES_DEPEND_IN_ONE_ORDER =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("units")
          .definedBy("dev.ridgeline.units..")
          .layer("workload")
          .definedBy("dev.ridgeline.workload..")
          .layer("platform")
          .definedBy("dev.ridgeline.platform..")
          .layer("mapping")
          .definedBy("dev.ridgeline.mapping..")
          .layer("kernel")
          .definedBy("dev.ridgeline.kernel..")
          .layer("cost")
          .definedBy("dev.ridgeline.cost..")
          .layer("estimate")
          .definedBy("dev.ridgeline.estimate..")
          .layer("events")
          .definedBy("dev.ridgeline.events..")
          .layer("serving")
          .definedBy("dev.ridgeline.serving..")
          .layer("catalog")
          .definedBy("dev.ridgeline.catalog..")
          .layer("papers")
          .definedBy("dev.ridgeline.papers..")
          .layer("cli")
          .definedBy("dev.ridgeline.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("papers")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("events")
          .mayOnlyBeAccessedByLayers("serving", "papers", "cli")
          .whereLayer("serving")
          .mayOnlyBeAccessedByLayers("papers", "cli")
          .whereLayer("catalog")
          .mayOnlyBeAccessedByLayers("papers", "cli")
          .whereLayer("estimate")
          .mayOnlyBeAccessedByLayers("serving", "catalog", "papers", "cli")
          .whereLayer("cost")
          .mayOnlyBeAccessedByLayers("estimate", "serving", "catalog", "papers", "cli")
          .whereLayer("kernel")
          .mayOnlyBeAccessedByLayers("cost", "estimate", "catalog", "papers", "cli")
          .whereLayer("mapping")
          .mayOnlyBeAccessedByLayers("cost", "estimate", "serving", "catalog", "papers", "cli")
          .whereLayer("platform")
          .mayOnlyBeAccessedByLayers(
              "mapping", "kernel", "cost", "estimate", "serving", "catalog", "papers", "cli")
          .whereLayer("workload")
          .mayOnlyBeAccessedByLayers(
              "platform", "mapping", "kernel", "cost", "estimate", "serving", "catalog", "papers", "cli");

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
