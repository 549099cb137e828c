package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerValidationTest {
  private static final Chip CHIP = Catalog.shipped().chip("gb200").chip();

  /** A board that draws half its limit running and a fifth between calls 100 us apart. */
  private static final KernelProfiles FLAT =
      new KernelProfiles() {
        @Override
        public Optional<FittedConstants> find(KernelFamily<?> family, String variant, Chip chip) {
          return Optional.empty();
        }

        @Override
        public Optional<FittedConstants> power(String variant, Chip chip) {
          return Optional.of(
              new FittedConstants(
                  new double[] {0.2, 0.5, 1e-6, 1e-6, 1, 1e-4, 1}, 0.9, 1.1, "kernel:flat"));
        }
      };

  @TempDir private Path folder;

  @Test
  void readingsAreHeldAgainstTheMeteredAndTheRunningDraw() throws IOException {
    Path table = folder.resolve("table.csv");
    Files.writeString(
        table,
        """
        dtype,m,n,k,latency_us,power_w,power_limit_w
        bfloat16,1,64,64,100,350,1000
        bfloat16,1,64,64,50,300,1000
        """);

    List<Result> results = PowerValidation.run("gemm", CHIP, FLAT, table);

    assertThat(results).extracting(Result::operator).containsOnly("power of gemm");
    assertThat(results).extracting(Result::variant).containsOnly("bf16");
    assertThat(results)
        .extracting(Result::region)
        .containsExactly("all, as metered", "running, calls >= 100 us");
    assertThat(results.getFirst().errors().rows()).isEqualTo(2);
    assertThat(results.getFirst().errors().geo()).isCloseTo(0, within(1e-3));
    assertThat(results.getLast().errors().rows()).isEqualTo(1);
    assertThat(results.getLast().errors().geo()).isCloseTo(500.0 / 350 - 1, within(1e-3));
  }

  @Test
  void tablesWithoutPowerAreRefused() throws IOException {
    Path table = folder.resolve("table.csv");
    Files.writeString(table, "dtype,m,n,k,latency_us\nbfloat16,1,64,64,100\n");

    assertThatThrownBy(() -> PowerValidation.run("gemm", CHIP, FLAT, table))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("power_w");
  }

  @Test
  void operatorsWhosePowerIsNotKnownHaveNoResults() {
    assertThat(PowerValidation.run("comm", CHIP, FLAT, folder)).isEmpty();
  }

  @Test
  void shippedSharesMeetTheReadingsOfUnseenProducts() {
    Path table =
        Path.of(
                Optional.ofNullable(System.getenv("RIDGELINE_REFERENCE"))
                    .orElse("../../shared/reference"))
            .resolve("silicon/gb200_gemm_power.csv.gz");
    assumeTrue(Files.exists(table), "the reference measurements are not here");
    KernelProfiles shipped = Catalog.shipped().profiles().under(EngineName.parse("trtllm"));

    List<Result> results = PowerValidation.run("gemm", CHIP, shipped, table);

    assertThat(results)
        .filteredOn(result -> result.region().equals("all, as metered"))
        .filteredOn(result -> List.of("bf16", "fp8").contains(result.variant()))
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.errors().median()).isLessThan(0.12));
  }
}
