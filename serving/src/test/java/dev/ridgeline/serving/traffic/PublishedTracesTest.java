package dev.ridgeline.serving.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.units.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces in the forms of their publishers; rows made up in these forms. */
class PublishedTracesTest {
  @TempDir private Path folder;

  private List<String> read(String name, String text) throws IOException {
    return all(TraceFile.open(Files.writeString(folder.resolve(name), text), 1, Long.MAX_VALUE));
  }

  /** Time in nanoseconds, input and output of each request. */
  private static List<String> all(ArrivalSource source) {
    List<String> found = new ArrayList<>();
    Arrival arrival = new Arrival();
    try (source) {
      while (source.next(arrival)) {
        found.add(
            "%d %d %d".formatted(arrival.timeNanos, arrival.inputTokens, arrival.outputTokens));
      }
    }
    return found;
  }

  @Test
  void azure2023() throws IOException {
    assertThat(
            read(
                "azure.csv",
                """
                TIMESTAMP,ContextTokens,GeneratedTokens\r
                2023-11-16 18:15:46.6805900,374,44\r
                2023-11-16 18:15:50.9951690,396,109\r
                2023-11-17 00:00:00.0000000,879,55\r
                """))
        .containsExactly("0 374 44", "4314579000 396 109", "20653319410000 879 55");
  }

  @Test
  void azure2024HasOffsetsAndTimesWithoutFraction() throws IOException {
    assertThat(
            read(
                "azure.csv",
                """
                TIMESTAMP,ContextTokens,GeneratedTokens
                2024-05-10 00:00:00.009930+00:00,2162,5
                2024-05-10 00:00:01+00:00,2399,6
                """))
        .containsExactly("0 2162 5", "990070000 2399 6");
  }

  @Test
  void burstGptMarksFailedRequestsByNoOutput() throws IOException {
    assertThat(
            read(
                "burst.csv",
                """
                Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
                5,ChatGPT,472,18,490,Conversation log
                45,ChatGPT,1087,0,1087,Conversation log
                118,GPT-4,417,276,693,API log
                """))
        .containsExactly("5000000000 472 18", "118000000000 417 276");
  }

  @Test
  void burstGptWithSessions() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("burst.csv"),
            """
            Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
            5.25,17,3.1,ChatGPT,472,18,490,Conversation log
            6,,3.1,ChatGPT,472,18,490,API log
            """);
    Arrival arrival = new Arrival();
    try (TraceFile trace = TraceFile.open(file, 1, 9)) {
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.session).isEqualTo(17);
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.session).isEqualTo(-1);
    }
  }

  @Test
  void mooncake() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mooncake.jsonl"),
            """
            {"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0,1,2,3,4,5,6,7,8,9,10,11,12,13]}
            {"timestamp": 3052, "input_length": 512, "output_length": 490, "hash_ids": [46], "more": {"a": [1]}}

            {"timestamp": 3052, "input_length": 7, "output_length": 1}
            """);
    Arrival arrival = new Arrival();
    try (TraceFile trace = TraceFile.open(file, 1, 9)) {
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.content.ids()).hasSize(14).endsWith(12, 13);
      assertThat(arrival.content.idTokens()).isEqualTo(512);
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.timeNanos).isEqualTo(3_052_000_000L);
      assertThat(arrival.content.ids()).containsExactly(46);
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.content.ids()).isEmpty();
      assertThat(trace.next(arrival)).isFalse();
    }
  }

  @Test
  void vidurAndSplitwise() throws IOException {
    assertThat(
            read(
                "vidur.csv",
                "arrived_at,num_prefill_tokens,num_decode_tokens\n0.5,10,20\n0.75,30,40\n"))
        .containsExactly("500000000 10 20", "750000000 30 40");
    assertThat(
            read(
                "splitwise.csv",
                "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n"
                    + "0,2,0,0.25,1,769,5\n"))
        .containsExactly("250000000 769 5");
  }

  @Test
  void lengthsAloneNeedNoArrivals() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("lengths.csv"), "num_prefill_tokens,num_decode_tokens\n5,6\n7,8\n");
    assertThat(all(TraceFile.openLengths(file, 9))).containsExactly("0 5 6", "0 7 8");
    assertThatThrownBy(() -> TraceFile.open(file, 1, 9))
        .hasMessageContaining("no column arrival_s");
  }

  @Test
  void compressedFilesAndByteOrderMarks() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(
          "\uFEFFarrival_s,input_tokens,output_tokens\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("trace.csv.gz"), bytes.toByteArray());
    assertThat(all(TraceFile.open(file, 1, 9))).containsExactly("1000000000 2 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"timestamp": 5, "input_length": 1}                                        | output_length
          {"timestamp": -5, "input_length": 1, "output_length": 1}                   | negative
          {"timestamp": 5, "input_length": 0, "output_length": 1}                    | whole number from 1
          {"timestamp": 5, "input_length": 1, "output_length": 0}                    | whole number from 1
          {"timestamp": 5, "input_length": 513, "output_length": 1, "hash_ids": [1]} | 513 tokens have 2 blocks
          {"timestamp": 5, "input_length": 1, "output_length": 1, "hash_ids": 1}     | list of whole numbers
          {"timestamp": 5, "input_length": 1, "output_length"                        | no JSON object
          {"timestamp": "x", "input_length": 1, "output_length": 1}                  | must be a number
          {"timestamp": 0.5, "input_length": 1, "output_length": 1}                  | before the row above
          [1]                                                                        | must be a JSON object
          """)
  void brokenJsonRowsAreRefusedWithTheirPlace(String row, String reason) throws IOException {
    String first = "{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1}\n";
    assertThatThrownBy(() -> read("trace.jsonl", first + row + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trace.jsonl:2")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "2023-13-16 18:15:46.68,must be seconds or a date",
    "2023-11-16 25:15:46.68,must be seconds or a date",
    "2023-11-16 18:15:46.68+99:00,must be seconds or a date",
    "2023-11-15 18:15:46.68,before the row above|negative"
  })
  void brokenDatesAreRefusedWithTheirPlace(String date, String reasons) {
    assertThatThrownBy(() ->
            read(
                "azure.csv",
                "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,1,1\n"
                    + date
                    + ",1,1\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("azure.csv:3")
        .message()
        .containsAnyOf(reasons.split("\\|"));
  }
}
