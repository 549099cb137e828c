package dev.ridgeline.catalog.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.catalog.shelf.LocalFiles;
import dev.ridgeline.catalog.sourced.Figure;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.MemoryKind;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.Arithmetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChipFileTest {
  private static final String CHIP =
      """
      schema_version: 1
      name: abacus-1
      title: Abacus 1
      vendor: Beads
      architecture: beads
      aliases: [abacus]
      process: wood
      released: "2031-05"
      source: sheet
      sources:
        sheet: Abacus data sheet (2031)
        talk: Abacus talk (2030)
      compute:
        units: {value: 10, source: talk, note: rows}
        clock: 2 GHz
        matrix:
          bf16: 100 TFLOP/s
          int8: 200 TOP/s
        vector: {fp32: 10 TFLOP/s, source: talk}
      memory:
        hbm: {kind: hbm4, capacity: 100 GB, bandwidth: {value: 4 TB/s, note: peak}, source: talk}
        l2: {kind: sram, capacity: 10 MiB}
      links:
        scale_up: {name: string, kind: torus, dimensions: 3, bandwidth: 100 GB/s, latency: 1 us, domain: 64}
        host: {name: rod, kind: host, bandwidth: 8 Gbit/s, latency: 0 s}
      node: {chips: 4, name: frame, host_power: 100 W}
      power:
        tdp: 300 W
        idle: 20 W
        energy: {compute: {bf16: 0.4 pJ/FLOP}, memory: {hbm: 3 pJ/bit}, link: 10 pJ/B}
      price: {value: 1.5 USD/h, date: "2031-06", source: talk}
      notes: [made up]
      """;

  @TempDir Path folder;

  @Test
  void everyFieldIsRead() throws IOException {
    ChipSheet sheet = read(CHIP);
    Chip chip = sheet.chip();
    assertThat(chip.name()).isEqualTo("abacus-1");
    assertThat(chip.units()).isEqualTo(10);
    assertThat(chip.clock().orElseThrow().value()).isEqualTo(2e9);
    assertThat(chip.peak(Arithmetic.INT8).orElseThrow().value()).isEqualTo(200e12);
    assertThat(chip.vectorPeak().orElseThrow().value()).isEqualTo(10e12);
    assertThat(chip.mainMemory().kind()).isEqualTo(MemoryKind.HBM4);
    assertThat(chip.tier("l2").orElseThrow().bandwidth()).isEmpty();
    assertThat(chip.scaleUp().orElseThrow().kind()).isEqualTo(LinkKind.TORUS);
    assertThat(chip.scaleUp().orElseThrow().domain()).isEqualTo(64);
    assertThat(chip.scaleOut()).isEmpty();
    assertThat(chip.host().orElseThrow().bandwidth().value()).isEqualTo(1e9);
    assertThat(chip.nodeChips()).isEqualTo(4);
    assertThat(chip.hostPower().orElseThrow().value()).isEqualTo(100);
    assertThat(chip.power().idle().orElseThrow().value()).isEqualTo(20);
    assertThat(chip.power().memory().get("hbm").value()).isEqualTo(24e-12);
    assertThat(chip.power().compute().get(Arithmetic.BF16).value()).isEqualTo(0.4e-12);
    assertThat(chip.price().orElseThrow().citation()).isEqualTo("Abacus talk (2030), 2031-06");
    assertThat(sheet.notes()).containsExactly("made up");
    assertThat(sheet.released()).contains("2031-05");
    assertThat(sheet.aliases()).containsExactly("abacus");
  }

  @Test
  void everyFigureHasTheNearestSource() throws IOException {
    var figures = read(CHIP).figures();
    String sheet = "Abacus data sheet (2031)";
    String talk = "Abacus talk (2030)";
    assertThat(figures)
        .containsEntry("compute.units", new Figure("10", talk, Optional.of("rows")))
        .containsEntry("compute.matrix.bf16", new Figure("100 TFLOP/s", sheet, Optional.empty()))
        .containsEntry("compute.vector.fp32", new Figure("10 TFLOP/s", talk, Optional.empty()))
        .containsEntry("memory.hbm.bandwidth", new Figure("4 TB/s", talk, Optional.of("peak")))
        .containsEntry("links.scale_up.dimensions", new Figure("3", sheet, Optional.empty()))
        .containsEntry("power.energy.link", new Figure("10 pJ/B", sheet, Optional.empty()))
        .containsEntry("price", new Figure("1.5 USD/h", talk, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name: abacus-1|name: ''|2: name = \"\": must not be blank",
        "name: abacus-1|name: a b|2: name = \"a b\": a name has up to 100 letters",
        "title: Abacus 1|titel: Abacus 1|title: required field is missing; line 3 says \"titel\"",
        "schema_version: 1|schema_version: 2|1: schema_version = \"2\": must lie between 1 and 1",
        "schema_version: 1|schema: 1|schema_version: required field is missing",
        "vendor: Beads|vendro: Beads|vendro: unknown field",
        "bf16: 100 TFLOP/s|bf17: 100 TFLOP/s|17: compute.matrix.bf17: unknown field. Allowed here:"
            + " source, fp64, fp32, tf32, fp16, bf16, fp8, int8, fp6, fp4, int4. Maybe you meant",
        "bf16: 100 TFLOP/s|bf16: 100|17: compute.matrix.bf16 = \"100\": the unit is missing",
        "bf16: 100 TFLOP/s|bf16: 100 TB/s|unknown unit \"TB/s\" for an arithmetic throughput",
        "bf16: 100 TFLOP/s|bf16: -1 TFLOP/s|must not be negative",
        "bf16: 100 TFLOP/s|bf16: 0 TFLOP/s|must be more than zero",
        "bf16: 100 TFLOP/s|bf16: .nan|compute.matrix.bf16 = \".nan\"",
        "bf16: 100 TFLOP/s|bf16: NaN TFLOP/s|compute.matrix.bf16 = \"NaN TFLOP/s\"",
        "bf16: 100 TFLOP/s|bf16: 1e999 TFLOP/s|too large",
        "bf16: 100 TFLOP/s|bf16: [1]|expected a number with a unit, found a list",
        "bf16: 100 TFLOP/s|bf16: {valeu: 1 TFLOP/s}|compute.matrix.bf16.value: required field is"
            + " missing",
        "bf16: 100 TFLOP/s|bf16: {value: 1 TFLOP/s, nota: x}|bf16.nota: unknown field",
        "clock: 2 GHz|clock: 2 s|unknown unit",
        "source: talk, note: rows|source: tlak|14: compute.units.source = \"tlak\": no source of"
            + " that name stands under \"sources\" of this file. Allowed here: sheet, talk. Maybe"
            + " you meant \"talk\"?",
        "source: sheet|sauce: sheet|15: compute.clock = \"2 GHz\": the figure has no source",
        "source: sheet|source: shet|9: source = \"shet\": no source of that name",
        "kind: hbm4|kind: hbm5|21: memory.hbm.kind = \"hbm5\": unknown value. Allowed here: hbm2,"
            + " hbm2e, hbm3, hbm3e, hbm4,",
        "kind: hbm4, ||memory.hbm.kind: required field is missing",
        "capacity: 100 GB|capacity: 100 G|unknown unit \"G\"",
        "capacity: 100 GB, ||memory.hbm.capacity: required field is missing",
        "bandwidth: {value: 4 TB/s, note: peak}, ||21: memory: the first tier is the main memory",
        "dimensions: 3, |dimensions: 0, |24: links.scale_up.dimensions = \"0\": must lie between 1"
            + " and 16",
        "kind: torus|kind: switch|24: links.scale_up.dimensions = \"3\": only a torus has"
            + " dimensions",
        "kind: torus|kind: doughnut|links.scale_up.kind = \"doughnut\": unknown value. Allowed"
            + " here: switch, mesh, torus, pair, host",
        "domain: 64|domain: -1|must lie between 0 and",
        "links:|lynx:|lynx: unknown field",
        "chips: 4|chips: 0|must lie between 1 and 1048576",
        "chips: 4|chips: 4.5|must be a whole number",
        "idle: 20 W|sustained: 400 W|sustained = \"400 W\": needs a tdp, and cannot exceed it",
        "idle: 20 W|idle: 300 W|idle = \"300 W\": must be below the limit of 300 W",
        "memory: {hbm: 3 pJ/bit}|memory: {hmb: 3 pJ/bit}|power.energy.memory.hmb: unknown field."
            + " Allowed here: source, hbm, l2. Maybe you meant \"hbm\"?",
        "date: \"2031-06\"|date: soon|price.date = \"soon\": expected a date",
        "released: \"2031-05\"|released: 2031|expected text, found the number 2031",
        "[abacus]|[abacus, abacus]|aliases[1] = \"abacus\"",
        "[abacus]|abacus|aliases = \"abacus\": expected a list",
      })
  void mistakesAreNamedWhereTheyStand(String good, String bad, String message) throws IOException {
    assertThat(CHIP).contains(good);
    Path file = write(CHIP.replaceFirst(Pattern.quote(good), bad == null ? "" : bad));
    assertThatThrownBy(() -> hardware().chip(file.toString()))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> {
              assertThat(e.problem().file()).contains(file.toString());
              assertThat(e.problem().line()).isPresent();
            })
        .hasMessageContaining(message);
  }

  @Test
  void whatACaseShedsLiesBetweenRestAndTheLimit() throws IOException {
    String lasting = CHIP.replace("idle: 20 W", "sustained: 40 W\n  idle: 20 W");
    Chip chip = hardware().chip(write(lasting).toString()).chip();
    assertThat(chip.power().sustained().orElseThrow().value()).isEqualTo(40);
    refuses(
        CHIP.replace("idle: 20 W", "sustained: 15 W\n  idle: 20 W"),
        "must be below the limit of 15 W");
  }

  @Test
  void aChipNeedsMemoryAndPeaks() throws IOException {
    refuses(without("memory:", "links:"), "memory: required field is missing");
    refuses(
        without("memory:", "links:").replace("links:", "memory: {}\nlinks:"),
        "memory: names no memory");
    refuses(without("  hbm:", "  l2:"), "the first tier is the main memory, and needs a bandwidth");
    refuses(without("  matrix:", "memory:"), "states no peak, neither under matrix nor under");
    refuses(without("compute:", "memory:"), "compute: required field is missing");
  }

  @Test
  void filesThatAreNoChipAreRefused() throws IOException {
    assertThatThrownBy(() -> hardware().chip(folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> hardware().platform(folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a directory");
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {1, 0, (byte) 0xff});
    assertThatThrownBy(() -> hardware().platform(binary.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a text file");
    Path other = Files.writeString(folder.resolve("c.json"), "{\"model_type\": \"llama\"}");
    assertThatThrownBy(() -> hardware().platform(other.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("schema_version");
    Path neither = Files.writeString(folder.resolve("d.yaml"), "schema_version: 1\nname: x\n");
    assertThatThrownBy(() -> hardware().platform(neither.toString()))
        .hasMessageContaining("describes neither a platform");
  }

  @Test
  void aFileIsAPlatformOfOneOrManyChips() throws IOException {
    Path file = write(CHIP);
    assertThat(hardware().platform(file.toString()).platform().name()).isEqualTo("abacus-1");
    var four = hardware().platform("4x" + file).platform();
    assertThat(four.name()).isEqualTo("4xabacus-1");
    assertThat(four.levels()).hasSize(1);
    // The string reaches 64 chips, sixteen times the frame.
    assertThat(hardware().platform("8x4x" + file).platform().levels()).hasSize(1);
    assertThatThrownBy(() -> hardware().platform("4x" + folder + "/none.yaml"))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> new Hardware(new LocalFiles(false)).platform(file.toString()))
        .hasMessageContaining("files are not read here");
  }

  private void refuses(String text, String message) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> hardware().chip(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private static String without(String from, String to) {
    return CHIP.substring(0, CHIP.indexOf(from)) + CHIP.substring(CHIP.indexOf(to));
  }

  private ChipSheet read(String text) throws IOException {
    return hardware().chip(write(text).toString());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("chip.yaml"), text);
  }

  private static Hardware hardware() {
    return new Hardware(new LocalFiles(true));
  }
}
