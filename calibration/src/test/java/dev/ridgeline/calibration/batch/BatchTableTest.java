package dev.ridgeline.calibration.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTableTest {
  private static final String HEADER =
      "model,model_id,platform,framework,framework_version,scenario,precision_weights,tp,pp,"
          + "input_tokens,output_tokens,batch_or_concurrency,metric,value,unit,notes,flag\n";

  @TempDir private Path folder;

  private BatchTable read(String rows) throws IOException {
    return BatchTable.read(Files.writeString(folder.resolve("t.csv"), HEADER + rows));
  }

  private static String row(String value, String notes, String flag) {
    return "Llama-2-7b-hf,l,NVIDIA A100 40GB,vLLM,\"mid-2024, not recorded\",offline,fp16,2,1,"
        + "128,512,16,total_token_throughput,"
        + value
        + ",tokens/s (input+output),"
        + notes
        + ","
        + flag
        + "\n";
  }

  @Test
  void countsInputAndOutputTokensOfLlmInferenceBench() throws IOException {
    BatchRow row = read(row("1024", "", "")).rows().getFirst();

    assertThat(row.seconds()).isCloseTo(16 * (128 + 512) / 1024.0, within(1e-12));
    assertThat(row.tensor()).isEqualTo(2);
  }

  @Test
  void takesTheBatchOfLlamaBenchForAChunkOfThePrompt() throws IOException {
    BatchRow row =
        read(row("1024", "llama-bench -b 32 (n_batch: prompt chunk)", "")).rows().getFirst();

    assertThat(row.chunk()).isEqualTo(32);
  }

  @Test
  void leavesOutFlaggedRowsAndSaysWhy() throws IOException {
    BatchTable table = read(row("1024", "", "suspect_exceeds_roofline_x12"));

    assertThat(table.rows()).isEmpty();
    assertThat(table.refused()).containsEntry("flagged by the table as doubtful", 1);
  }
}
