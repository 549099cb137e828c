package dev.ridgeline.serving.traffic;

import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Which column of a trace says what. Column names of published traces are understood as they are.
 *
 * @param arrival column of the arrival; -1 where lengths alone are wanted and it has none
 * @param input column of the prompt tokens
 * @param output column of the output tokens
 * @param hashIds column of the ids of prompt blocks; -1 if there is none
 * @param priority column of the priority; -1 if there is none
 * @param session column of the session; -1 if there is none
 * @param count columns of the header
 * @param failures whether no output tokens mean a request that failed, as BurstGPT has it
 */
record TraceColumns(
    int arrival,
    int input,
    int output,
    int hashIds,
    int priority,
    int session,
    int count,
    boolean failures) {
  private static final List<String> ARRIVAL =
      List.of("arrival_s", "arrived_at", "arrival_timestamp", "Timestamp", "TIMESTAMP");
  private static final List<String> INPUT =
      List.of(
          "input_tokens", "num_prefill_tokens", "prompt_size", "Request tokens", "ContextTokens");
  private static final String BURSTGPT_OUTPUT = "Response tokens";
  private static final List<String> OUTPUT =
      List.of(
          "output_tokens", "num_decode_tokens", "token_size", BURSTGPT_OUTPUT, "GeneratedTokens");
  private static final List<String> HASHES = List.of("hash_ids");
  private static final List<String> PRIORITY = List.of("priority");
  private static final List<String> SESSION = List.of("session", "Session ID");

  /**
   * Finds the columns.
   *
   * @param arrivals whether arrivals are needed
   */
  static TraceColumns of(String header, String file, boolean arrivals) {
    List<String> names = new ArrayList<>();
    for (String name : header.split(",", -1)) {
      names.add(name.strip());
    }
    int arrival = arrivals ? required(names, ARRIVAL, file) : -1;
    int output = required(names, OUTPUT, file);
    return new TraceColumns(
        arrival,
        required(names, INPUT, file),
        output,
        find(names, HASHES),
        find(names, PRIORITY),
        find(names, SESSION),
        names.size(),
        names.get(output).equals(BURSTGPT_OUTPUT));
  }

  private static int required(List<String> names, List<String> known, String file) {
    int at = find(names, known);
    if (at < 0) {
      List<String> shown = new ArrayList<>();
      names.forEach(name -> shown.add(Problem.excerpt(name)));
      throw Problem.of(
              "no column %s; the header has %s"
                  .formatted(known.getFirst(), String.join(", ", shown)))
          .at(file, 1)
          .withAllowed(known)
          .exception();
    }
    return at;
  }

  private static int find(List<String> names, List<String> known) {
    for (String name : known) {
      int at = names.indexOf(name);
      if (at >= 0) {
        return at;
      }
    }
    return -1;
  }
}
