package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BoardPowerTest {
  private static final BoardPower POWER = new BoardPower(0.2, 0.4, 1, 0.5, 0.9);
  private static final Offset<Double> ROUNDING = Offset.offset(1e-9);

  @Test
  void loadsAddUpToTheCap() {
    assertThat(POWER.watts(1000, 0, 0)).isCloseTo(400, ROUNDING);
    assertThat(POWER.watts(1000, 0.1, 0.2)).isCloseTo(600, ROUNDING);
    assertThat(POWER.watts(1000, 1, 1)).isCloseTo(900, ROUNDING);
    assertThat(POWER.watts(1000, 0, 7)).isEqualTo(POWER.watts(1000, 0, 1));
  }

  @Test
  void meterAveragesCallsWithTheGapsBetween() {
    assertThat(POWER.meteredWatts(1000, 0.1, 0.2, 1e-3, 0)).isCloseTo(600, ROUNDING);
    assertThat(POWER.meteredWatts(1000, 0.1, 0.2, 1e-3, 1e-3)).isCloseTo(400, ROUNDING);
  }

  @Test
  void sharesOutOfOrderAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoardPower(0.5, 0.4, 1, 1, 0.9))
        .withMessageContaining("idle to working to cap");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoardPower(0.1, 0.4, -1, 1, 0.9))
        .withMessageContaining("negative");
  }

  /** Long bf16 and fp8 products on a GB200: 2,500 and 5,000 TFLOP/s, 8 TB/s. */
  @Test
  void measuredSharesMeetTheBoardReadingsOfLongProducts() throws IOException {
    Path table =
        Path.of(
                Optional.ofNullable(System.getenv("RIDGELINE_REFERENCE"))
                    .orElse("../../shared/reference"))
            .resolve("silicon/gb200_gemm_power.csv.gz");
    assumeTrue(Files.exists(table), "the reference measurements are not here");
    DoubleStream.Builder errors = DoubleStream.builder();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(table)), StandardCharsets.UTF_8))) {
      in.lines().skip(1).map(line -> line.split(",")).forEach(row -> add(row, errors));
    }
    double[] sorted = errors.build().sorted().toArray();
    assertThat(sorted.length).isGreaterThan(5000);
    assertThat(sorted[sorted.length / 2]).isLessThan(0.12);
  }

  private static void add(String[] row, DoubleStream.Builder errors) {
    double seconds = Double.parseDouble(row[5]) * 1e-6;
    double bytesPerElement = row[0].equals("bfloat16") ? 2 : 1;
    if (seconds < 1e-4 || !(row[0].equals("bfloat16") || row[0].equals("fp8"))) {
      return;
    }
    double[] mnk = Arrays.stream(row, 2, 5).mapToDouble(Double::parseDouble).toArray();
    double flops = 2 * mnk[0] * mnk[1] * mnk[2];
    double bytes = bytesPerElement * (mnk[0] + mnk[1]) * mnk[2] + 2 * mnk[0] * mnk[1];
    double watts =
        BoardPower.MEASURED.watts(
            Double.parseDouble(row[7]),
            flops / seconds / (2500e12 * 2 / bytesPerElement),
            bytes / seconds / 8e12);
    errors.add(Math.exp(Math.abs(Math.log(watts / Double.parseDouble(row[6])))) - 1);
  }
}
