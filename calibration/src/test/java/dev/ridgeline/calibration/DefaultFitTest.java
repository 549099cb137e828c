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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultFitTest {
  @TempDir private Path folder;

  /** Times that the kernels would have with the typical constants. */
  private DefaultFit.Measured<GemmShape> measured(String chip) throws IOException {
    Platform platform = Catalog.shipped().platform("8x" + chip);
    Kernel<GemmShape> kernel =
        ProductTables.GEMM
            .family()
            .on(platform, "bf16", Warmth.WARM, Fitter.typical(ProductTables.GEMM.family()));
    var text = new StringBuilder("dtype,m,n,k,latency_us\n");
    for (int m = 1; m <= 4096; m *= 4) {
      for (int n = 256; n <= 8192; n *= 2) {
        for (int k = 256; k <= 8192; k *= 2) {
          double seconds = kernel.seconds(new GemmShape(GemmFormat.BF16, m, n, k));
          text.append("bfloat16,%d,%d,%d,%s%n".formatted(m, n, k, 1e6 * seconds));
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
        "2026-11-23");
  }

  @Test
  void aLawThatChipsShareHoldsForTheChipLeftOut() throws IOException {
    DefaultFit<GemmShape> fit = fit(List.of(measured("a100-sxm-80gb"), measured("h100-sxm")));
    assertThat(fit.variants()).containsExactly("bf16");
    Calibration.Outcome outcome = fit.fit("bf16");
    assertThat(outcome.regions())
        .containsKeys("a100-sxm-80gb left out, all", "h100-sxm left out, all");
    outcome.regions().values().forEach(error -> assertThat(error.geo()).isLessThan(0.01));
    assertThat(outcome.variant().band().high()).isBetween(1.0, 1.01);
    assertThat(outcome.variant().bandFrom().orElse("")).startsWith("2 chips, each left out");
  }

  @Test
  void oneChipIsNotEnough() throws IOException {
    List<DefaultFit.Measured<GemmShape>> one = List.of(measured("h100-sxm"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(one))
        .withMessageContaining("two chips or more");
  }
}
