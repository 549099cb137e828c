package dev.ridgeline.papers.genz;

import dev.ridgeline.papers.genz.GoldenTable.Row;
import java.util.ArrayList;
import java.util.List;

/** What GenZ was asked, in words. */
final class GoldenQuestion {
  private GoldenQuestion() {}

  /** A question of the reference table. */
  static String text(Row row) {
    List<String> words = new ArrayList<>();
    words.add(row.text("model") + " on " + row.text("platform").replace('_', ' '));
    words.add(row.text("bits"));
    for (String axis : List.of("tp", "ep", "pp")) {
      if (row.integer(axis) > 1) {
        words.add(axis + " " + row.integer(axis));
      }
    }
    if (row.number("compute_eff") != 1) {
      words.add("efficiency " + row.text("compute_eff"));
    }
    switch (row.text("phase")) {
      case "prefill" ->
          words.add("prefill of %d x %s tokens".formatted(row.integer("batch"), tokens(row)));
      case "decode" -> {
        words.add("decode after %s + %s".formatted(tokens(row), row.text("output_tokens")));
        words.add("batch " + row.integer("batch"));
        if (row.integer("beam") > 1) {
          words.add(row.integer("beam") + " beams");
        }
      }
      default -> {
        if (!row.text("chunk_prefill").isEmpty()) {
          words.add("chunks " + row.text("chunk_prefill").replace(";", " and "));
        }
        words.add("decodes " + row.text("chunk_decode").replace(";", " and "));
      }
    }
    return String.join(", ", words);
  }

  private static String tokens(Row row) {
    return row.text("input_tokens");
  }
}
