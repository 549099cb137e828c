package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictCommandTest {
  private static final String HEADER = "kv_dtype,head_dim,heads,kv_heads,window,batch,kv_len";

  @TempDir private Path folder;

  private Path table(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    if (!name.endsWith(".gz")) {
      return Files.writeString(file, text);
    }
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private Run predict(String chip, Path in, Path out) {
    return Run.of(
        "predict",
        "generation-attention",
        "--on",
        chip,
        "--engine",
        "trtllm",
        "--in",
        in.toString(),
        "--out",
        out.toString());
  }

  /** A folder is never replaced by a table, and one that is missing is named. */
  @Test
  void writesNothingWhereNoFileMayBe() throws IOException {
    Path in = table("in.csv", HEADER + "\nbfloat16,128,32,8,0,1,4096\n");
    Path empty = Files.createDirectory(folder.resolve("empty"));

    Run onto = predict("h100-sxm", in, empty);
    Run into = predict("h100-sxm", in, folder.resolve("nowhere").resolve("out.csv"));

    assertThat(onto.exitCode()).isEqualTo(2);
    assertThat(onto.err()).contains("is a directory");
    assertThat(empty).isEmptyDirectory();
    assertThat(into.exitCode()).isEqualTo(2);
    assertThat(into.err()).contains("there is no folder", "nowhere");
  }

  @Test
  void calibrateKeepsTheTableItReads() throws IOException {
    String text = "dtype,m,n,k,latency_us\nfp8,16,128,128,5\n";
    Path in = table("measured.csv", text);

    Run run =
        Run.of(
            "calibrate",
            "gemm",
            "--on",
            "h100-sxm",
            "--engine",
            "trtllm@1.0",
            "--in",
            in.toString(),
            "--out",
            in.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is the table that is read");
    assertThat(in).hasContent(text);
  }

  @Test
  void saysWhichFormatsThereAreWhereOneIsUnknown() throws IOException {
    Path in = table("in.csv", "dtype,m,n,k\nfp9,16,128,128\n");

    Run run =
        Run.of(
            "predict",
            "gemm",
            "--on",
            "h100-sxm",
            "--in",
            in.toString(),
            "--out",
            folder.resolve("out.csv").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("in.csv:2", "dtype = \"fp9\"", "Maybe you meant fp8", "int4_wo");
  }

  @Test
  void addsTimesAndKeepsRowsOrderAndColumns() throws IOException {
    Path in =
        table(
            "in.csv",
            HEADER + ",note\nbfloat16,128,32,8,0,64,4096,second\nbfloat16,128,32,8,0,1,4096,\n");
    Path out = folder.resolve("out.csv");

    assertThat(predict("h100-sxm", in, out).exitCode()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).isEqualTo(HEADER + ",note,predicted_us,low_us,high_us,source");
    String[] busy = lines.get(1).split(",");
    String[] alone = lines.get(2).split(",");
    assertThat(busy[7]).isEqualTo("second");
    assertThat(busy[11]).isEqualTo("kernel:h100-sxm/trtllm-1.3.0rc20");
    double predicted = Double.parseDouble(busy[8]);
    // 64 sequences of 4096 tokens read 1.07 GB, which takes 320 us at 3.35 TB/s.
    assertThat(predicted).isBetween(320.0, 700.0);
    assertThat(Double.parseDouble(busy[9])).isLessThan(predicted);
    assertThat(Double.parseDouble(busy[10])).isGreaterThan(predicted);
    assertThat(Double.parseDouble(alone[8])).isLessThan(predicted);
  }

  /** As a file that a shell makes: who may read what is made beside it may read this. */
  @Test
  void theResultIsReadableAsAnyNewFile() throws IOException {
    Path in = table("in.csv", HEADER + "\nfp8,128,32,8,0,64,4096\n");
    Path out = folder.resolve("out.csv");

    assertThat(predict("h100-sxm", in, out).err()).isEqualToIgnoringNewLines("1 row predicted");
    assertThat(Files.getPosixFilePermissions(out)).isEqualTo(Files.getPosixFilePermissions(in));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(in, out);
    }
  }

  @Test
  void neverOverwritesTheTableThatIsRead() throws IOException {
    Path in = table("in.csv", HEADER + "\nfp8,128,32,8,0,64,4096\n");

    Run run = predict("h100-sxm", in, folder.resolve("../" + folder.getFileName() + "/in.csv"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("is the table that is read");
    assertThat(Files.readString(in)).endsWith("4096\n");
  }

  @Test
  void readsWholeNumbersAsOtherProgramsWriteThem() throws IOException {
    Path in =
        table("in.csv", HEADER + "\nfp8,128,32,8,0,64,4096\nfp8,128.0,32,8,0,6.4e1,4.096E3\n");
    Path out = folder.resolve("out.csv");

    assertThat(predict("h100-sxm", in, out).exitCode()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines.get(2)).startsWith("fp8,128.0,32,8,0,6.4e1,4.096E3,");
    assertThat(lines.get(2).split(",")[7]).isEqualTo(lines.get(1).split(",")[7]);
  }

  /** One range, whichever end of it is left. */
  @ParameterizedTest
  @CsvSource({"0", "-5", "2147483649", "1e30", "99999999999999999999"})
  void saysOneRange(String batch) throws IOException {
    Path in = table("in.csv", HEADER + "\nfp8,128,32,8,0," + batch + ",4096\n");

    assertThat(predict("h100-sxm", in, folder.resolve("out.csv")).err())
        .contains("in.csv:2", "batch", "must lie between 1 and 2147483648");
  }

  @Test
  void readsAndWritesCompressedTables() throws IOException {
    Path in = table("in.csv.gz", HEADER + "\nfp8,128,32,8,0,64,4096\n");
    Path out = folder.resolve("out.csv.gz");

    assertThat(predict("h200-sxm", in, out).exitCode()).isZero();
    try (var text = new GZIPInputStream(Files.newInputStream(out))) {
      assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
          .contains("kernel:sibling h100-sxm");
    }
  }

  @Test
  void anEmptyTableStaysEmpty() throws IOException {
    Path out = folder.resolve("out.csv");

    assertThat(predict("h100-sxm", table("in.csv", HEADER + "\n"), out).exitCode()).isZero();
    assertThat(Files.readAllLines(out)).hasSize(1);
  }

  @Test
  void takesTheLargestShape() throws IOException {
    Path in = table("in.csv", HEADER + "\nfp8,128,32,8,0,2147483648,2147483648\n");

    assertThat(predict("h100-sxm", in, folder.resolve("out.csv")).exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fp8,128,32,8,0,0,5            | 2 | batch",
        "fp8,128,32,8,0,NaN,5          | 2 | whole number",
        "fp8,128,32,8,0,2147483649,5   | 2 | must lie between",
        "fp8,128,33,8,0,1,5            | 2 | heads",
        "fp5,128,32,8,0,1,5            | 2 | number format",
        "fp8,128,32,8,0,1,5;fp8,128    | 3 | 2 cells",
      })
  void refusesWithFileAndLineAndWritesNothing(String rows, int line, String reason)
      throws IOException {
    Path in = table("in.csv", HEADER + "\n" + rows.strip().replace(';', '\n') + "\n");
    Run run = predict("h100-sxm", in, folder.resolve("out.csv"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("in.csv:" + line).contains(reason);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(in);
    }
  }

  /** The chip has no link out of its node, whose eight slots are all that join it. */
  @Test
  void refusesMoreRanksThanLinksJoin() throws IOException {
    Path in =
        table(
            "in.csv",
            "impl,op,dtype,num_gpus,message_elems\n"
                + "nccl,all_reduce,half,8,1048576\nnccl,all_reduce,half,64,1048576\n");
    Run run =
        Run.of(
            "predict",
            "comm",
            "--on",
            "l4",
            "--in",
            in.toString(),
            "--out",
            folder.resolve("out.csv").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("in.csv:3").contains("8xl4").contains("to join 64 chips");
  }

  @Test
  void refusesMissingColumnsAndUnknownNames() throws IOException {
    Path in = table("in.csv", "kv_dtype,head_dim\n");
    assertThat(predict("h100-sxm", in, folder.resolve("o")).err())
        .contains("in.csv:1")
        .contains("heads");
    assertThat(predict("h100-xsm", in, folder.resolve("o")).exitCode()).isEqualTo(2);
    assertThat(Run.of("predict", "gem", "--on", "h100").err()).contains("gemm");
    assertThat(Run.of("predict", "gemm").err()).contains("--on");
  }
}
