package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultFitTest {
  @TempDir private Path folder;

  /** Times that the kernels would have with the typical constants. */
  private DefaultFit.Measured<GemmShape> measured(String chip, GemmFormat... formats)
      throws IOException {
    Platform platform = Catalog.shipped().platform("8x" + chip);
    var text = new StringBuilder("dtype,m,n,k,latency_us\n");
    for (GemmFormat format : formats) {
      String variant = ProductTables.GEMM.family().variant(new GemmShape(format, 1, 1, 1));
      Kernel<GemmShape> kernel =
          ProductTables.GEMM
              .family()
              .on(platform, variant, Warmth.WARM, Fitter.typical(ProductTables.GEMM.family()));
      String dtype = format == GemmFormat.BF16 ? "bfloat16" : variant;
      for (int m = 1; m <= 4096; m *= 4) {
        for (int n = 256; n <= 8192; n *= 2) {
          for (int k = 256; k <= 8192; k *= 2) {
            double seconds = kernel.seconds(new GemmShape(format, m, n, k));
            text.append("%s,%d,%d,%d,%s%n".formatted(dtype, m, n, k, 1e6 * seconds));
          }
        }
      }
    }
    Path file = Files.writeString(folder.resolve(chip + ".csv"), text);
    return new DefaultFit.Measured<>(platform, Measurements.read(ProductTables.GEMM, file));
  }

  private static DefaultFit<GemmShape> fit(List<DefaultFit.Measured<GemmShape>> chips) {
    return new DefaultFit<>(
        ProductTables.GEMM,
        chips,
        Warmth.WARM,
        Fitter.Settings.USUAL.with(60, 100),
        "made up",
        "2026-11-23",
        Map.of());
  }

  @Test
  void aLawThatChipsShareHoldsForTheChipLeftOut() throws IOException {
    DefaultFit<GemmShape> fit =
        fit(
            List.of(
                measured("a100-sxm-80gb", GemmFormat.BF16), measured("h100-sxm", GemmFormat.BF16)));
    assertThat(fit.variants()).containsExactly("bf16");
    Calibration.Outcome outcome = fit.fit("bf16", (_, _) -> {});
    assertThat(outcome.regions())
        .containsKeys("a100-sxm-80gb left out, all", "h100-sxm left out, all");
    outcome.regions().values().forEach(error -> assertThat(error.geo()).isLessThan(0.01));
    assertThat(outcome.variant().band().high()).isBetween(1.0, 1.01);
    assertThat(outcome.variant().bandFrom().orElse("")).startsWith("2 chips, each left out");
  }

  @Test
  void variantsFittedTogetherShareConstantsAndAChipIsLeftOutWithAllOfThem() throws IOException {
    DefaultFit<GemmShape> fit =
        fit(
            List.of(
                measured("a100-sxm-80gb", GemmFormat.BF16),
                measured("h100-sxm", GemmFormat.BF16, GemmFormat.FP8)));
    Map<String, Calibration.Outcome> outcomes =
        fit.fitTogether(List.of("bf16", "fp8"), (_, _) -> {});
    assertThat(outcomes).containsOnlyKeys("bf16", "fp8");
    assertThat(outcomes.values())
        .extracting(outcome -> outcome.variant().constants())
        .containsOnly(outcomes.values().iterator().next().variant().constants());
    assertThat(outcomes.values())
        .allSatisfy(outcome -> assertThat(outcome.regions()).containsKey("h100-sxm left out, all"));
    assertThat(outcomes)
        .hasEntrySatisfying(
            "fp8",
            outcome ->
                assertThat(outcome.regions().keySet())
                    .allMatch(region -> region.startsWith("h100-sxm left out")));
  }

  @Test
  void oneChipIsNotEnough() throws IOException {
    List<DefaultFit.Measured<GemmShape>> one = List.of(measured("h100-sxm", GemmFormat.BF16));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(one))
        .withMessageContaining("two chips or more");
  }
}
