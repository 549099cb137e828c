package dev.ridgeline.catalog.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.mapping.EngineOverheads;
import org.junit.jupiter.api.Test;

class EngineProfilesTest {
  private static EngineOverheads find(String engine, String chip) {
    Catalog catalog = Catalog.shipped();
    return catalog
        .profiles()
        .engines()
        .find(EngineName.parse(engine), catalog.chip(chip).chip())
        .orElseThrow();
  }

  private static double width(EngineOverheads found) {
    return found.origin().high() / found.origin().low();
  }

  @Test
  void takesTheChipsOwnOverheads() {
    EngineOverheads found = find("vllm@2024", "h100-sxm");

    assertThat(found.origin().source()).startsWith("engine:h100-sxm/vllm-");
    assertThat(found.stepSeconds()).isPositive();
    assertThat(found.leavesSteps()).isFalse();
  }

  @Test
  void borrowsFromASiblingWithAWiderBand() {
    EngineOverheads found = find("tensorrt-llm@2024", "h100-pcie");

    assertThat(found.origin().source()).startsWith("engine:sibling ");
    assertThat(width(found)).isGreaterThan(width(find("tensorrt-llm@2024", "h100-sxm")));
  }

  /** A fit on such chips goes before what the release adds to kernels that are known. */
  @Test
  void aChipOfUnknownKernelsTakesTheFitOfSuchChips() {
    assertThat(find("vllm@2024", "mi300x").origin().source()).isEqualTo("engine:mi300x/vllm-2024");
    assertThat(find("vllm@2024", "tpu-v5e").origin().source()).isEqualTo("engine:vllm-2024");
  }

  @Test
  void whereNoFitOfSuchChipsIsTheReleaseKeepsItsHostTimeUnderAWiderBand() {
    EngineOverheads known = find("vllm@0.19", "h100-sxm");
    EngineOverheads found = find("vllm@0.19", "mi300x");

    assertThat(found.origin().source())
        .isEqualTo("engine:vllm-0.19, kernels of mi300x not measured");
    assertThat(found.sequenceSeconds()).isEqualTo(known.sequenceSeconds());
    assertThat(found.networkStretch()).isEqualTo(known.networkStretch());
    assertThat(found.computeStretch()).isGreaterThan(known.computeStretch());
    assertThat(found.memoryStretch() / known.memoryStretch())
        .isCloseTo(found.computeStretch() / known.computeStretch(), within(1e-12));
    assertThat(width(found)).isGreaterThan(width(known));
  }

  @Test
  void aNamedReleaseGoesBeforeTheChip() {
    assertThat(find("vllm@0.19", "h100-sxm").origin().source()).isEqualTo("engine:vllm-0.19");
    assertThat(find("vllm@0.17.1", "h100-sxm").origin().source())
        .isEqualTo("engine:vllm-0.19 for 0.17.1");
    assertThat(find("vllm@0.5.4", "h100-sxm").origin().source())
        .isEqualTo("engine:h100-sxm/vllm-2024");
    assertThat(find("vllm@2024", "h100-sxm")).isEqualTo(find("vllm@0.5.4", "h100-sxm"));
  }

  /** The first between the releases of two fits is nearer to the later ones. */
  @Test
  void aReleaseBetweenFitsTakesTheNearerWithAWiderBand() {
    EngineOverheads between = find("vllm@0.10.2", "h100-sxm");

    assertThat(between.origin().source()).startsWith("engine:vllm-0.19 for 0.10.2 (steps wait");
    assertThat(width(between)).isGreaterThan(width(find("vllm@0.19", "h100-sxm")));
  }

  /** The release notes of vLLM 0.14 make asynchronous scheduling the default. */
  @Test
  void earlierReleasesWaitForTheirHost() {
    assertThat(find("vllm@0.14", "b200-sxm").asynchronous()).isTrue();
    assertThat(find("vllm@0.19.2", "b200-sxm").asynchronous()).isTrue();
    EngineOverheads fitted = find("vllm@0.19", "b200-sxm");
    EngineOverheads earlier = find("vllm@0.13.9", "b200-sxm");

    assertThat(earlier)
        .usingRecursiveComparison()
        .ignoringFields("origin")
        .isEqualTo(fitted.serial());
    assertThat(width(earlier)).isGreaterThan(width(fitted));
    assertThat(earlier.origin().source()).isEqualTo("engine:vllm-0.19 for 0.13.9 (steps wait)");
  }

  /** What a release adds may be that of another one, which its source says. */
  @Test
  void theSourceNamesTheReleaseThatIsMeant() {
    assertThat(find("vllm@0.18", "b200-sxm").origin().source())
        .isEqualTo("engine:vllm-0.19 for 0.18");
    assertThat(find("vllm@0.19", "b200-sxm").origin().source()).isEqualTo("engine:vllm-0.19");
    assertThat(find("vllm@0.18", "b200-sxm").stepSeconds())
        .isEqualTo(find("vllm@0.19", "b200-sxm").stepSeconds());
  }

  @Test
  void shipsOnlyConstantsThatItCanRead() {
    for (Profile profile : Catalog.shipped().profiles().of(EngineConstants.OPERATOR)) {
      profile
          .variants()
          .forEach((name, variant) ->
              assertThat(variant.constants().keySet())
                  .containsExactlyElementsOf(
                      EngineConstants.parameters(name).stream()
                          .map(parameter -> parameter.name())
                          .toList()));
    }
  }
}
