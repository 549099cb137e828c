package dev.ridgeline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.models.ModelEntry;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogTest {
  private static final Catalog CATALOG = Catalog.shipped();

  @TempDir Path folder;

  static Stream<String> chips() {
    return CATALOG.chipNames().stream();
  }

  static Stream<String> platforms() {
    return CATALOG.platformNames().stream();
  }

  static Stream<ModelEntry> models() {
    return CATALOG.modelEntries().stream();
  }

  @ParameterizedTest
  @MethodSource("chips")
  void everyChipLoads(String name) {
    ChipSheet sheet = CATALOG.chip(name);
    assertThat(sheet.chip().name()).isEqualTo(name);
    assertThat(sheet.chip().vendor()).isNotEmpty();
    assertThat(sheet.chip().mainMemory().bandwidth()).isPresent();
    assertThat(sheet.figures())
        .containsKey("memory." + sheet.chip().mainMemory().name() + ".capacity");
    assertThat(sheet.figures().values()).noneMatch(figure -> figure.source().isBlank());
    sheet.chip().price().ifPresent(price -> assertThat(price.date()).isNotEmpty());
    assertThat(CATALOG.platform(name).chips()).isOne();
    int node = sheet.chip().nodeChips();
    assertThat(CATALOG.platform(node + "x" + name).chips()).isEqualTo(node);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void everyPlatformLoads(String name) {
    PlatformSheet sheet = CATALOG.platformSheet(name);
    assertThat(sheet.platform().name()).isEqualTo(name);
    assertThat(sheet.platform().connected()).isTrue();
    assertThat(sheet.title()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelLoads(ModelEntry entry) {
    Model model = CATALOG.model(entry.name());
    assertThat(model.name()).isEqualTo(entry.name());
    entry
        .huggingFaceId()
        .ifPresent(id -> assertThat(CATALOG.model(id).name()).isEqualTo(entry.name()));
  }

  @Test
  void whatIsListedCanBeFound() {
    assertThat(CATALOG.chipNames()).hasSizeGreaterThanOrEqualTo(129);
    assertThat(CATALOG.platformNames()).hasSizeGreaterThanOrEqualTo(45);
    assertThat(CATALOG.modelNames()).hasSizeGreaterThanOrEqualTo(57);
    assertThat(CATALOG.modelEntry("Llama 3.1 8B").orElseThrow().publishedParameters())
        .isEqualTo(8.03e9, within(1.0));
    assertThat(CATALOG.modelEntry("nobody")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "NVIDIA H100 80GB HBM3, h100-sxm",
    "NVIDIA H100 PCIe, h100-pcie",
    "NVIDIA H100 NVL, h100-nvl",
    "NVIDIA H200, h200-sxm",
    "NVIDIA A100-SXM4-80GB, a100-sxm-80gb",
    "a100_sxm, a100-sxm-80gb",
    "NVIDIA A100-SXM4-40GB, a100-sxm-40gb",
    "NVIDIA A100 80GB PCIe, a100-pcie-80gb",
    "NVIDIA A10G, a10g",
    "Tesla T4, t4",
    "NVIDIA Tesla T4, t4",
    "Tesla V100-SXM2-32GB, v100-sxm-32gb",
    "NVIDIA B200, b200-sxm",
    "NVIDIA GB200, gb200",
    "NVIDIA GH200 480GB, gh200",
    "NVIDIA GeForce RTX 4090, rtx-4090",
    "NVIDIA RTX A6000, a6000",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition, rtx-pro-6000",
    "AMD Instinct MI300X, mi300x",
    "TPU v5e, tpu-v5e",
    "Intel Gaudi 3, gaudi-3",
    "AWS Trainium2, trainium-2",
    "L40S, l40s",
  })
  void chipsAreFoundByTheNamesPeopleUse(String spelling, String name) {
    assertThat(CATALOG.chip(spelling).chip().name()).isEqualTo(name);
  }

  @Test
  void nodesOfChipsAreTwoLevels() {
    Platform platform = CATALOG.platform("4x8xh100-sxm");
    assertThat(platform.name()).isEqualTo("4x8xh100-sxm");
    assertThat(platform.chips()).isEqualTo(32);
    assertThat(platform.chipsPerNode()).isEqualTo(8);
    assertThat(platform.levels()).extracting(NetworkLevel::size).containsExactly(8, 4);
    assertThat(platform.levels())
        .extracting(NetworkLevel::name)
        .containsExactly("nvlink4", "infiniband-ndr");
    assertThat(platform.priceSource()).endsWith(", 2025-06");
  }

  @Test
  void aRackIsOneDomain() {
    Platform rack = CATALOG.platform("GB200 NVL72");
    assertThat(rack.chips()).isEqualTo(72);
    assertThat(rack.levels()).extracting(NetworkLevel::size).containsExactly(72);
    assertThat(rack.chipsPerNode()).isEqualTo(4);
    Platform trays = CATALOG.platform("18x4xgb200");
    assertThat(trays.levels()).isEqualTo(rack.levels());
    assertThat(CATALOG.platform("36x4xgb200").levels())
        .extracting(NetworkLevel::size)
        .containsExactly(72, 2);
  }

  @Test
  void aModelMayBeAFileOrAFolder() throws IOException {
    String config;
    try (var in = Catalog.class.getResourceAsStream("models/llama-3.1-8b.json")) {
      config = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Path model = Files.createDirectories(folder.resolve("my-model"));
    Files.writeString(model.resolve("config.json"), config);
    Files.writeString(folder.resolve("other.json"), config);
    assertThat(CATALOG.model(model.toString()).name()).isEqualTo("my-model");
    assertThat(CATALOG.model(model.resolve("config.json").toString()).name()).isEqualTo("my-model");
    assertThat(CATALOG.model(folder.resolve("other.json").toString()).name()).isEqualTo("other");
    assertThatThrownBy(() -> CATALOG.model(folder.resolve("none.json").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> Catalog.withoutFiles().model(model.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("files are not read here");
  }

  @Test
  void anUnknownModelComesWithSuggestions() {
    assertThatThrownBy(() -> CATALOG.model("llama-3.1-80b"))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.problem().suggestions()).isNotEmpty())
        .hasMessageStartingWith("\"llama-3.1-80b\": unknown model.");
    for (String bad : List.of("", "  ", "\0", "a".repeat(5000), "org/model\0.json")) {
      assertThatThrownBy(() -> CATALOG.model(bad)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> CATALOG.platform(bad)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> CATALOG.chip(bad)).isInstanceOf(InputException.class);
    }
  }
}
