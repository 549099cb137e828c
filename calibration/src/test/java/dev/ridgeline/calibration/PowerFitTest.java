package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerFitTest {
  private static final Platform GB200 = Catalog.shipped().platform("gb200");
  private static final BoardPower LAW = new BoardPower(0.2, 0.35, 0.7, 0.4, 0.95, 2e-4, 1);

  @TempDir private Path folder;

  /** Products of many sizes on a board that follows the law, with 2 % noise. */
  private void table() throws IOException {
    var random = new SplittableRandom(5);
    var text = new StringBuilder("dtype,m,n,k,latency_us,power_w,power_limit_w\n");
    for (int family = 0; family < 60; family++) {
      int n = 64 << random.nextInt(0, 9);
      int k = 64 << random.nextInt(0, 9);
      for (int m = 1; m <= 16384; m *= 4) {
        double share = random.nextDouble(0.05, 0.9);
        double flops = 2.0 * m * n * k;
        double micros = Math.max(3, 1e6 * flops / 2.5e15 / share);
        double bytes = 2.0 * ((double) m * k + (double) n * k + (double) m * n);
        double watts =
            LAW.meteredWatts(
                    1200,
                    flops / (micros * 1e-6) / 2.5e15,
                    bytes / (micros * 1e-6) / 8e12,
                    micros * 1e-6)
                * Math.exp(0.02 * random.nextGaussian());
        text.append("bfloat16,%d,%d,%d,%s,%s,1200\n".formatted(m, n, k, micros, watts));
      }
    }
    Files.writeString(folder.resolve("gb200_gemm_power.csv"), text);
  }

  @Test
  void bandsComeFromFamiliesLeftOutOfTheFit() throws IOException {
    table();
    PowerFit fit = PowerFit.read(folder, GB200);
    Calibration<PowerReading> calibration =
        fit.calibration(Fitter.Settings.USUAL.with(2000, 300), "test", "2026-11-23", Map.of());

    Profile.Variant own =
        ProfileFit.run(
                calibration,
                fit.readings(),
                new Starts(Catalog.shipped().profiles()),
                Map.of(),
                silent())
            .get("gemm-bf16")
            .variant();
    assertThat(own.heldOut().orElseThrow().median()).isLessThan(0.03);
    assertThat(own.bandFrom().orElseThrow()).contains("left out with its family");
    assertThat(own.band().low()).isBetween(0.93, 0.99);
    assertThat(own.band().high()).isBetween(1.01, 1.07);
  }

  @Test
  void whatAllHaveInCommonIsTheRunningDraw() throws IOException {
    table();
    PowerFit fit = PowerFit.read(folder, GB200);
    Calibration<PowerReading> calibration =
        fit.calibration(Fitter.Settings.USUAL.with(2000, 300), "test", "2026-11-23", Map.of());

    Profile.Variant common = fit.common(calibration, (_, _) -> {});
    double[] constants =
        common.constants().values().stream().mapToDouble(Double::doubleValue).toArray();
    BoardPower running = BoardPower.of(constants);
    assertThat(running.gapSeconds()).isLessThan(1e-8);
    for (double load : new double[] {0.01, 0.1, 0.5}) {
      double expected = LAW.watts(1200, load, load);
      assertThat(running.watts(1200, load, load)).isCloseTo(expected, within(0.05 * expected));
    }
    assertThat(common.bandFrom().orElseThrow()).contains("refit");
  }

  @Test
  void aFolderWithoutTablesIsRefused() {
    assertThatThrownBy(() -> PowerFit.read(folder, GB200))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("_power.csv");
  }

  private static ProfileFit.Listener silent() {
    return new ProfileFit.Listener() {
      @Override
      public void progress(String variant, int evaluations, double loss) {}

      @Override
      public void done(String variant, Profile.Variant fitted) {}
    };
  }
}
