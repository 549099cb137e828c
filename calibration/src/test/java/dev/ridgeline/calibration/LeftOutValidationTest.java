package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.calibration.LeftOutValidation.Reference;
import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.platform.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ceilings, in per cent, of what interpolation leaves: they only go down. */
class LeftOutValidationTest {
  private static final int ROWS = 600;

  private static Path silicon() {
    String root = System.getProperty("ridgeline.root", "..");
    return Optional.ofNullable(System.getenv("RIDGELINE_REFERENCE"))
        .map(Path::of)
        .orElse(Path.of(root, "..", "shared", "reference"))
        .resolve("silicon");
  }

  @ParameterizedTest
  @CsvSource({
    "gemm, a100-sxm, KERNEL, 7.0, 16.8",
    "gemm, h100-sxm, ROOFLINE, 3.8, 9.6",
    "gemm, h100-sxm, KERNEL, 3.7, 9.4",
    "gemm, l40s, KERNEL, 4.9, 13.0",
    "gemm, gb200, KERNEL, 3.3, 7.8",
    "context-attention, a100-sxm, KERNEL, 2.0, 4.5",
    "context-attention, h100-sxm, KERNEL, 2.21, 5.1",
    "context-attention, l40s, KERNEL, 3.6, 8.5",
    "context-attention, gb200, KERNEL, 3.0, 7.0",
    "generation-attention, a100-sxm, KERNEL, 5.8, 14.9",
    "generation-attention, h100-sxm, KERNEL, 4.9, 12.5",
    "generation-attention, l40s, KERNEL, 5.4, 13.5",
    "generation-attention, gb200, KERNEL, 3.7, 8.9",
    "mla, a100-sxm, KERNEL, 2.8, 7.3",
    "mla, h100-sxm, KERNEL, 5.9, 11.9",
    "mla, l40s, KERNEL, 5.5, 13.6",
    "mla, gb200, KERNEL, 6.4, 15.7",
    "mla-bmm, a100-sxm, KERNEL, 5.5, 13.6",
    "mla-bmm, h100-sxm, KERNEL, 2.8, 6.4",
    "mla-bmm, l40s, KERNEL, 5.5, 14.1",
    "mla-bmm, gb200, KERNEL, 6.0, 15.5",
    "moe, a100-sxm, KERNEL, 6.4, 14.2",
    "moe, h100-sxm, KERNEL, 7.6, 16.3",
    "moe, l40s, KERNEL, 6.2, 16.9",
    "moe, gb200, KERNEL, 5.0, 11.4",
    "comm, a100-sxm, KERNEL, 5.9, 12.9",
    "comm, h100-sxm, KERNEL, 5.7, 13.1",
    "comm, l40s, KERNEL, 10.2, 27.9",
    "comm, gb200, KERNEL, 5.2, 15.0",
    "moe-alltoall, h100-sxm, KERNEL, 1.7, 3.6",
    "moe-alltoall, gb200, KERNEL, 3.6, 8.7",
  })
  void rowsAndCurvesLeftOutAreFoundAgain(
      String operator, String chip, Reference reference, double geo, double p90) {
    Path file =
        silicon()
            .resolve("%s_%s.csv.gz".formatted(chip.replace('-', '_'), operator.replace('-', '_')));
    assumeTrue(Files.exists(file), "no reference measurements at " + file);
    Catalog catalog = Catalog.shipped();
    int inNode = catalog.chip(chip).chip().nodeChips();
    Platform platform = catalog.platform(inNode > 1 ? inNode + "x" + chip : chip);
    ErrorFigures all = figures(OperatorTables.named(operator), platform, reference, file);
    assertThat(100 * all.geo()).as("geo, per cent").isLessThanOrEqualTo(geo);
    assertThat(100 * all.p90()).as("p90, per cent").isLessThanOrEqualTo(p90);
  }

  private static ErrorFigures figures(
      OperatorTable<?> table, Platform platform, Reference reference, Path file) {
    var collector = new ErrorFigures.Collector();
    var profiles = Catalog.shipped().profiles().under(EngineName.parse("trtllm"));
    for (Point point :
        LeftOutValidation.run(table, platform, profiles, reference, file, ROWS).points()) {
      collector.add(point.predictedSeconds(), point.measuredSeconds());
    }
    return collector.figures();
  }
}
