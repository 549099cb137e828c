package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.workload.NumberFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All operators take the names that frameworks have for a number format. */
class FormatNamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "bfloat16", "fp16", "float16", "half", "BFloat16"})
  void everyOperatorTakesEveryNameOfSixteenBits(String name) {
    assertThat(CommShape.of("nccl", "all_reduce", name, 2, 1).type().bytes()).isEqualTo(2);
    assertThat(GemmFormat.of(name)).isEqualTo(GemmFormat.BF16);
    assertThat(ExpertFormat.of(name)).isEqualTo(ExpertFormat.BFLOAT16);
    assertThat(NumberFormat.named(name).orElseThrow().elementBits()).isEqualTo(16);
  }

  @Test
  void namesThatMeanTwoFormatsAreKeptApartWhereBothAreThere() {
    assertThat(CommShape.of("nccl", "all_reduce", "float16", 2, 1).type())
        .isEqualTo(CommShape.ElementType.HALF);
    assertThat(CommShape.of("nccl", "all_reduce", "bf16", 2, 1).type())
        .isEqualTo(CommShape.ElementType.BFLOAT16);
    assertThat(CommShape.of("nccl", "all_reduce", "fp32", 2, 1).type())
        .isEqualTo(CommShape.ElementType.FLOAT);
  }

  @Test
  void othersAreRefusedWithThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommShape.of("nccl", "all_reduce", "fp9", 2, 1))
        .withMessageContaining("fp9 is none of half, bfloat16, float, fp8, int8");
  }
}
